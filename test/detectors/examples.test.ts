/** Every detector against its own examples, alone and in the surroundings where credentials stand. */
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import type { Detector } from '../../src/model/detector.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { matchesNothing } from '../../src/scan/patterns.ts'
import { type Surrounding, surroundings } from '../scan/surroundings.ts'

const engine = createEngine(detectors)
const word = (detector: Detector): string => detector.context?.[0] ?? 'setting'

/** Context-bound values need their word, which the bare ends of an input do not give. */
function fits(detector: Detector, surrounding: Surrounding): boolean {
  // A percent sign after it is part of a value that may hold percent escapes itself.
  if (detector.notAfter?.includes('%') && surrounding.name.includes('percent')) return false
  return detector.gate !== 'value' || surrounding.name !== 'the start of the input'
}

/** A format that holds quotes itself (a JSON key file) is another one once they are escaped. */
function escapesQuotes(surrounding: Surrounding, value: string): boolean {
  return value.includes('"') && surrounding.wrap(value, '').written !== value
}

function hitsInside(detector: Detector, surrounding: Surrounding, value: string) {
  const { text, written } = surrounding.wrap(value, word(detector))
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const start = bytes.indexOf(written)
  return engine
    .scanBytes(bytes)
    .hits.filter(
      ({ span }) => span.byte_start >= start && span.byte_end <= start + Buffer.byteLength(written),
    )
}

describe.each(detectors.map((detector) => [detector.id, detector] as const))('%s', (id, detector) => {
  it('finds each of its examples in every surrounding, once', () => {
    for (const surrounding of surroundings.filter((one) => fits(detector, one))) {
      for (const value of detector.examples.match) {
        if (escapesQuotes(surrounding, value)) continue
        const hits = hitsInside(detector, surrounding, value)

        expect(
          hits.map((hit) => hit.detector),
          `${surrounding.name}: ${value.slice(0, 8)}…`,
        ).toEqual([id])
        expect(hits[0]?.checkPassed ?? true, surrounding.name).toBe(true)
      }
    }
  })

  it('reports no near-miss in any surrounding', () => {
    for (const surrounding of surroundings) {
      for (const value of detector.examples.noMatch) {
        const hits = hitsInside(detector, surrounding, value)

        const sure = hits.filter((hit) => hit.detector === id && hit.confidence !== 'low')
        expect(sure, `${surrounding.name}: ${value.slice(0, 12)}…`).toEqual([])
      }
    }
  })

  it('has a pattern that matches something and stays within its bounds', () => {
    expect(matchesNothing(detector.pattern)).toBe(false)
    for (const value of detector.examples.match) expect(value.length).toBeLessThanOrEqual(detector.maxLength)
    expect(detector.examples.match.length).toBeGreaterThan(0)
    expect(detector.examples.noMatch.length).toBeGreaterThan(0)
  })

  it('is described for people', () => {
    expect(detector.docs).toMatch(/^https:\/\//)
    expect(detector.issuer).not.toBe('')
    expect(detector.kind).not.toBe('')
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })
})
