/** Made-up detectors: as many as asked, with texts of their own, and ready to run. */
import { describe, expect, test } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { multiplyDetectors } from '../../src/bench/more-detectors.ts'
import { createEngine } from '../../src/scan/engine.ts'

describe('three times the detectors', () => {
  const all = multiplyDetectors(detectors, 3)
  const anchorsOf = (from: number, to: number): string[] =>
    all.slice(from, to).flatMap(({ anchors }) => anchors)

  test('are the detectors themselves and two more of each, on the same gate paths', () => {
    expect(all.slice(0, detectors.length)).toEqual([...detectors])
    expect(all).toHaveLength(3 * detectors.length)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(all.slice(detectors.length, 2 * detectors.length).map(({ gate }) => gate)).toEqual(
      detectors.map(({ gate }) => gate),
    )
  })

  test('have anchors of the same lengths that no other has', () => {
    const n = detectors.length
    const [first, second, third] = [anchorsOf(0, n), anchorsOf(n, 2 * n), anchorsOf(2 * n, 3 * n)]

    expect(second.map(({ length }) => length)).toEqual(first.map(({ length }) => length))
    const distinct = new Set(first).size
    expect(new Set([...first, ...second, ...third]).size).toBe(3 * distinct)
  })

  test('find what the detectors alone find', () => {
    const text = Buffer.from(
      `key = ${detectors.find(({ id }) => id === 'github-pat-classic')?.examples.match[0]}\n`,
    )

    const alone = createEngine(detectors)
      .scanBytes(text)
      .hits.map(({ detector }) => detector)
    const among = createEngine(all)
      .scanBytes(text)
      .hits.map(({ detector }) => detector)

    expect(alone).toEqual(['github-pat-classic'])
    expect(among).toEqual(alone)
  })
})

test('once the detectors are the detectors', () => {
  expect(multiplyDetectors(detectors, 1)).toEqual([...detectors])
})
