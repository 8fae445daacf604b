/** The engine over wreckage of everything it looks for: it ends, answers within the bytes it was given, and says the same again. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import type { Hit } from '../../src/model/hit.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { signal, streamed } from '../support/archive-blob.ts'
import { damages, documents, spoiled } from './bad-bytes.ts'

const now = () => Date.UTC(2026, 10, 24)
const engine = createEngine(detectors, { now })

const told = ({ secret, ...rest }: Hit) => ({ ...rest, secret: secret.reveal().toString('hex') })

function expectSound(hits: readonly Hit[], length: number): void {
  let last = 0
  for (const { span, redacted, confidence, checkPassed, checkBits, secret } of hits) {
    expect(span.byte_start).toBeGreaterThanOrEqual(last)
    expect(span.byte_end).toBeGreaterThan(span.byte_start)
    expect(span.byte_end).toBeLessThanOrEqual(length)
    expect(span.start_line).toBeLessThanOrEqual(span.end_line)
    expect(Math.min(span.start_line, span.start_column, span.end_column)).toBeGreaterThanOrEqual(1)
    expect(['low', 'medium', 'high']).toContain(confidence)
    expect(checkBits > 0 && checkPassed !== true).toBe(false)
    expect(redacted.length).toBeLessThanOrEqual(5)
    expect(secret.reveal().length).toBeGreaterThan(0)
    last = span.byte_start
  }
}

describe('the engine', () => {
  test('finds only what is there, in wreckage of tokens and encodings', () => {
    const before = process.memoryUsage.rss()
    let found = 0
    fc.assert(
      fc.property(documents, documents, damages, (document, other, changes) => {
        const bytes = spoiled(document, changes, other)

        const { hits, stats } = engine.scanBytes(bytes)

        expectSound(hits, bytes.length)
        expect(stats.bytesScanned).toBe(bytes.length)
        expect(stats.hits).toBe(hits.length)
        expect(engine.scanBytes(bytes).hits.map(told)).toEqual(hits.map(told))
        found += hits.length
      }),
      { numRuns: 350, seed: 71 },
    )

    expect(found).toBeGreaterThan(500)
    expect(process.memoryUsage.rss() - before).toBeLessThan(400_000_000)
  })

  test('says the same of a stream as of its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(documents, damages, async (document, changes) => {
        const bytes = spoiled(document, changes, document)

        const { hits } = await engine.scan(streamed(bytes), signal)

        expect(hits.map(told)).toEqual(engine.scanBytes(bytes).hits.map(told))
      }),
      { numRuns: 200, seed: 72 },
    )
  })

  test.each([
    ['one letter', 'a'],
    ['letters and digits in a row', 'a1B2'],
    ['anchors', 'ghp_'],
    ['anchors after escapes', '\\nAKIA'],
    ['heads of keys', '-----BEGIN PRIVATE KEY-----\n'],
    ['addresses', 'https://a:b@'],
    ['assignments', 'password="'],
    ['percent signs', '%25'],
    ['escapes', '\\u0041'],
    [
      'base64 of base64',
      Buffer.from(Buffer.from('QUJDREVGR0hJSktMTU5P').toString('base64')).toString('base64'),
    ],
    ['UTF-16', 'a\0b\0c\0 \0'],
    ['NUL bytes', '\0'],
    ['bytes that are no UTF-8', '\xff\xfe\xe9'],
    ['words of mnemonics', 'abandon ability able about '],
    ['JSON in JSON', '{\\"a\\":'],
    ['dots of tokens', 'eyJh.'],
  ])('gets through 400 kB of %s with work in proportion', (_, text) => {
    const small = Buffer.from(text.repeat(Math.ceil(100_000 / text.length)), 'latin1')
    const large = Buffer.from(text.repeat(Math.ceil(400_000 / text.length)), 'latin1')

    const few = engine.scanBytes(small).stats.candidates
    const many = engine.scanBytes(large).stats.candidates

    expect(many).toBeLessThanOrEqual(large.length)
    expect(many).toBeLessThanOrEqual(Math.max(1_000, few * 5))
  })
})
