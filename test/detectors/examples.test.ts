/** Every detector against its own examples, alone and in the surroundings where credentials stand. */
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { matchesNothing } from '../../src/scan/patterns.ts'
import { tryDetector } from '../../src/scan/trial.ts'

const engine = createEngine(detectors)

describe.each(detectors.map((detector) => [detector.id, detector] as const))('%s', (id, detector) => {
  it('finds each of its examples in every surrounding, once, and reports no near-miss', () => {
    const { tried, missed, reported } = tryDetector(engine, detector)

    expect({ missed, reported }).toEqual({ missed: [], reported: [] })
    expect(tried).toBeGreaterThan(30)
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
