/** Laws of the engine over made-up documents: cutting, streaming and noise change nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import type { Hit } from '../../src/model/hit.ts'
import { compileDetector } from '../../src/scan/compile.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { planGate } from '../../src/scan/gate-plan.ts'
import { beginsAs } from '../../src/scan/pattern-head.ts'
import { createRe2Prefilter } from '../../src/scan/re2-prefilter.ts'

const now = () => Date.UTC(2026, 10, 24)
const engine = createEngine(detectors, { now })
const small = createEngine(detectors, { now, windowLength: 7_000 })

const told = ({ detector, span, checkPassed, confidence, decoding, secret }: Hit) => ({
  detector,
  span,
  checkPassed,
  confidence,
  decoding,
  secret: secret.reveal().toString('hex'),
})

/** Pieces of a document: words, credentials, spoiled ones, encoded ones, noise, line ends. */
const piece = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'token = ',
      'aws secret "',
      '\\n',
      '%20',
      '\r\n',
      '\n',
      ' ',
      "'",
      '-----BEGIN ',
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 0, max: detectors.length - 1 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 0, max: 5 }),
      )
      .map(([which, seed, form]) => written(mintFor(detectors[which]?.id ?? '', seededRandom(seed)), form)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9+/_-]{0,80}$/) },
)

function written(token: string, form: number): string {
  if (form === 1) return spoil(token)
  if (form === 2) return Buffer.from(` ${token} `).toString('base64')
  if (form === 3) return Buffer.from(token).toString('hex')
  if (form === 4) return encodeURIComponent(token)
  return token
}

const document = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join('')))

/** Stretches it beyond a few windows with text in which nothing is found. */
function stretch(parts: readonly Buffer[], gaps: readonly number[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part, i) => [part, Buffer.alloc(gaps[i % gaps.length] ?? 0, 'lorem ipsum.\n')]),
  )
}

describe('the engine', () => {
  it('finds in windows what it finds in the whole', () => {
    fc.assert(
      fc.property(
        fc.array(document, { minLength: 2, maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 4 }),
        (parts, gaps) => {
          const bytes = stretch(parts, gaps)
          const whole = engine.scanBytes(bytes)
          const cut = small.scanBytes(bytes)

          expect(cut.hits.map(told)).toEqual(whole.hits.map(told))
          expect(cut.stats).toEqual(whole.stats)
        },
      ),
      { numRuns: 60, seed: 11 },
    )
  })

  it('finds in any stretch around a hit what it finds there in the whole', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 0, max: 300 }), (bytes, extra) => {
        for (const hit of engine.scanBytes(bytes).hits) {
          const rule = detectors.find(({ id }) => id === hit.detector)
          if (!rule || hit.decoding.length > 0) continue
          const from = Math.max(0, hit.span.byte_start - rule.reach.left - 420 - extra)
          const to = Math.min(bytes.length, hit.span.byte_end + rule.reach.right + 420 + extra)
          const again = engine.scanBytes(bytes.subarray(from, to)).hits

          expect(
            again.map((one) => [one.detector, one.span.byte_start + from, one.span.byte_end + from]),
          ).toContainEqual([hit.detector, hit.span.byte_start, hit.span.byte_end])
        }
      }),
      { numRuns: 150, seed: 12 },
    )
  })

  it('gives the same answer twice, in order of position, without overlaps', () => {
    fc.assert(
      fc.property(document, (bytes) => {
        const { hits } = engine.scanBytes(bytes)

        expect(engine.scanBytes(bytes).hits.map(told)).toEqual(hits.map(told))
        for (const [i, hit] of hits.entries()) {
          expect(hit.span.byte_start).toBeGreaterThanOrEqual(hits[i - 1]?.span.byte_end ?? 0)
          expect(hit.span.byte_end).toBeLessThanOrEqual(bytes.length)
        }
      }),
      { numRuns: 150, seed: 13 },
    )
  })

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000, size: 'max' }), (bytes) => {
        const { stats } = engine.scanBytes(Buffer.from(bytes))

        expect(stats.bytesScanned).toBe(bytes.length)
      }),
      { numRuns: 200, seed: 14 },
    )
  })

  it('tells lines and columns as counting them one by one does', () => {
    fc.assert(
      fc.property(document, (bytes) => {
        for (const { span } of engine.scanBytes(bytes).hits) {
          const before = bytes.toString('latin1', 0, span.byte_start)

          expect(span.start_line).toBe(before.split('\n').length)
          expect(span.start_column).toBe(span.byte_start - before.lastIndexOf('\n'))
        }
      }),
      { numRuns: 100, seed: 15 },
    )
  })
})

describe('the prefilter in RE2', () => {
  const compiled = detectors.map(compileDetector)
  const plan = planGate(compiled)
  const prefilter = createRe2Prefilter({ compiled, plan })

  /** Position and detector of each find, sorted. */
  function finds(bytes: Buffer): string[] {
    const { finds } = prefilter.candidates(bytes)
    return Array.from({ length: finds.length / 2 }, (_, i) => `${finds[2 * i]} ${finds[2 * i + 1]}`).sort()
  }

  it('finds every anchor that a naive search finds', () => {
    const letters = fc.oneof(
      fc.constantFrom(...plan.anchors.map(({ text }) => text)),
      fc.stringMatching(/^[a-z_-]{0,4}$/),
      fc.constantFrom('\xff', '\0', 'é'),
    )

    fc.assert(
      fc.property(fc.array(letters, { maxLength: 40 }), (parts) => {
        const bytes = Buffer.from(parts.join(''), parts.length % 2 === 0 ? 'latin1' : 'utf8')
        const naive: string[] = []
        for (const { text, uses } of plan.anchors) {
          for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
            for (const { number, back } of uses) if (at >= back) naive.push(`${at - back} ${number}`)
        }

        expect(finds(bytes)).toEqual(expect.arrayContaining(naive))
      }),
      { numRuns: 300, seed: 16 },
    )
  })

  it('finds the shape of every value in runs that are long enough and hold a digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-f0-9+/_ =-]{0,200}$/), (text) => {
        const bytes = Buffer.from(text)
        const runs = Array.from(text.matchAll(/[A-Za-z0-9_+/-]{16,}/g)).filter(([run]) => /[0-9]/.test(run))
        const naive = runs.flatMap(({ index }) =>
          plan.values
            .filter(({ number }) =>
              beginsAs(compiled[number]?.head ?? { tables: [], length: 0 }, bytes, index),
            )
            .map(({ number }) => `${index} ${number}`),
        )

        expect(finds(bytes)).toEqual(expect.arrayContaining(naive))
        if (runs.length === 0)
          expect(
            plan.values.some(({ number }) => finds(bytes).some((find) => find.endsWith(` ${number}`))),
          ).toBe(false)
      }),
      { numRuns: 500, seed: 17 },
    )
  })
})
