/** Texts gated together: each has the hits it has alone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import type { Hit } from '../../src/model/hit.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { authorOf, newText } from '../support/edited-text.ts'

const engine = createEngine(detectors, { now: () => Date.UTC(2026, 10, 24) })

const told = ({ detector, span, confidence, secret }: Hit) => ({
  detector,
  span,
  confidence,
  secret: secret.reveal().toString('hex'),
})

describe('a batch of texts', () => {
  it('finds in each what scanning it alone finds', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const author = authorOf(seededRandom(seed))
        const texts = Array.from({ length: 30 }, () => newText(author, author.int(4)))
        const found: unknown[] = []
        const batch = engine.batch((hits, name: number, text) => {
          expect(text).toEqual(texts[name])
          found.push([name, hits.map(told)])
        })

        for (const [name, text] of texts.entries()) batch.add(text, name)
        batch.finish()

        const alone = texts.map((text, name) => [name, engine.scanBytes(text).hits.map(told)] as const)
        expect(found).toEqual(expect.arrayContaining(alone.filter(([, hits]) => hits.length > 0)))
        expect(found).toHaveLength(alone.filter(([, hits]) => hits.length > 0).length)
        expect(batch.stats().blobs).toBe(texts.length)
      }),
      { seed: 3, numRuns: 40 },
    )
  })
})
