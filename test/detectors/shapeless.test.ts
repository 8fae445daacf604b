/** Detectors of values without a shape: what they share, and what the gate may rely on. */
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { byteClass } from '../../src/scan/byte-class.ts'
import { patternHead } from '../../src/scan/pattern-head.ts'

const shapeless = detectors.filter((detector) => detector.shapeless !== undefined)
const hurried = detectors.filter((detector) => detector.ahead !== undefined)

/** Whether what `ahead` says holds behind some anchor of `value`. */
function holdsAhead({ ahead, anchors, gate, pattern }: (typeof detectors)[number], value: string): boolean {
  if (!ahead) return true
  const [over, until] = [byteClass(ahead.over), byteClass(ahead.until)]
  const begins =
    gate === 'value'
      ? [patternHead(pattern).tables.length]
      : anchors.filter((anchor) => value.startsWith(anchor)).map((anchor) => anchor.length)
  return begins.some((begin) => {
    const bytes = Buffer.from(value).subarray(begin, begin + ahead.within + 1)
    const stop = bytes.findIndex((byte) => over[byte] !== 1 || until[byte] === 1)
    return stop >= 0 && until[bytes[stop] ?? 0] === 1
  })
}

describe('detectors of values without a shape', () => {
  it('are there, and some of them look ahead', () => {
    expect(shapeless.length).toBeGreaterThan(10)
    expect(hurried.length).toBeGreaterThan(3)
  })

  it.each(shapeless.map((detector) => [detector.id, detector] as const))(
    '%s never starts a response by itself',
    (_, detector) => {
      expect(detector.manualOnly).toBe(true)
    },
  )

  it.each(hurried.map((detector) => [detector.id, detector] as const))(
    '%s holds its look ahead for every way to write a value',
    (_, detector) => {
      const examples = detector.examples.match.map((value) => {
        if (detector.gate === 'value') return value
        const at = Math.min(
          ...detector.anchors.map((one) => value.indexOf(one)).filter((place) => place >= 0),
        )
        return value.slice(at)
      })

      for (const value of examples) expect(holdsAhead(detector, value), value).toBe(true)
    },
  )
})
