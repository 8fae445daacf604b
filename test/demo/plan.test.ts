/** What is planted and what is a decoy, by the engine that has to tell them apart. */
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import {
  carelessOwner,
  type Decoy,
  decoyKinds,
  forgedAuthor,
  planDemo,
  plantedDetectors,
  spots,
} from '../../src/demo/plan.ts'
import { createEngine } from '../../src/scan/engine.ts'

const engine = createEngine(detectors)
const seeds = [1, 2, 3, 7, 42, 999_999]

function hitsIn(text: string) {
  return engine.scanBytes(Buffer.from(text)).hits
}

describe('a plan', () => {
  it('is the same for the same seed and number, and another for another seed', () => {
    expect(planDemo(7, 40)).toEqual(planDemo(7, 40))
    expect(planDemo(7).planted[0]?.token).not.toBe(planDemo(8).planted[0]?.token)
  })

  it.each([1, 2, 9, 10, 11, 15, 16, 17, 40, 100])('of %i leaks has that many, each its own', (leaks) => {
    const { planted } = planDemo(1, leaks)

    expect(planted).toHaveLength(leaks)
    expect(new Set(planted.map((one) => one.token)).size).toBe(leaks)
    expect(new Set(planted.map((one) => one.name)).size).toBe(leaks)
    expect(new Set(planted.map((one) => one.account)).size).toBe(leaks)
  })

  it('shows every spot, every kind and the six leaks of one owner by itself', () => {
    const { planted } = planDemo(1)

    expect(new Set(planted.map((one) => one.spot))).toEqual(new Set(spots))
    expect(new Set(planted.map((one) => one.detector))).toEqual(new Set(plantedDetectors))
    expect(planted.filter((one) => one.owner === carelessOwner)).toHaveLength(6)
  })

  it('never names a forged author as somebody to be told', () => {
    expect(planDemo(1, 60).planted.map((one) => one.owner)).not.toContain(forgedAuthor)
  })
})

describe('the engine', () => {
  it.each(seeds)('finds what is planted with certainty (seed %i)', (seed) => {
    for (const { token, detector } of planDemo(seed, plantedDetectors.length).planted) {
      const hits = hitsIn(`API_TOKEN=${token}\n`)

      expect(hits).toHaveLength(1)
      expect(hits[0]).toMatchObject({ detector, confidence: 'high', checkPassed: true, label: null })
      // Fewer bits would wait for a person.
      expect(hits[0]?.checkBits).toBeGreaterThanOrEqual(16)
      expect(hits[0]?.secret.reveal().toString()).toBe(token)
    }
  })

  it.each(seeds)('finds no spoiled credential worth recording (seed %i)', (seed) => {
    for (const { token } of planDemo(seed, plantedDetectors.length, true).planted) {
      expect(hitsIn(`API_TOKEN=${token}\n`).filter((hit) => hit.confidence !== 'low')).toEqual([])
    }
  })

  it.each(seeds)('sees through every decoy (seed %i)', (seed) => {
    const said = Object.fromEntries(planDemo(seed).decoys.map((decoy) => [decoy.name, sayOf(decoy)]))

    expect(Object.keys(said)).toEqual([...decoyKinds])
    expect(said).toMatchObject({
      wrong_checksum: [{ confidence: 'low', checkPassed: false }],
      placeholder: [],
      documented_example: [],
      aws_canary: [{ label: 'canary' }],
    })
  })
})

/** As the decoy stands in the planted page. */
function sayOf({ name, token }: Decoy) {
  return hitsIn(`- ${name}: \`${token}\`\n`).map(({ confidence, checkPassed, label }) => ({
    confidence,
    checkPassed,
    label,
  }))
}
