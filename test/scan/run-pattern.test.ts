/** Patterns matched without RE2 against RE2, which decides. */
import fc from 'fast-check'
import RE2 from 're2'
import { describe, expect, test } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { runMatcher } from '../../src/scan/run-pattern.ts'

/** Where RE2 has the match at `at` end, or -1. */
function endByRe2(pattern: RE2, bytes: Buffer, at: number): number {
  pattern.lastIndex = at
  return pattern.test(bytes) ? pattern.lastIndex : -1
}

function expectSame(source: string, bytes: Buffer): void {
  const run = runMatcher(source)
  const pattern = new RE2(source, 'y')
  if (!run) return
  for (let at = 0; at < bytes.length; at++)
    expect(run(bytes, at), `${source} at ${at} of ${bytes.toString('latin1')}`).toBe(
      endByRe2(pattern, bytes, at),
    )
}

describe('a pattern of runs', () => {
  const runs = detectors.filter(({ pattern }) => !/\((?!\?)/.test(pattern) && runMatcher(pattern))

  test('is what most detectors have', () => {
    expect(runs.length).toBeGreaterThan(detectors.length / 2)
  })

  test('ends where RE2 ends, for every detector, with its examples cut, doubled and broken', () => {
    for (const { pattern, examples } of runs) {
      for (const text of [...examples.match.slice(0, 1), ...examples.noMatch.slice(0, 2)]) {
        const middle = text.length >> 1
        expectSame(pattern, Buffer.from(text))
        expectSame(pattern, Buffer.from(text.slice(0, -1)))
        expectSame(pattern, Buffer.from(`${text}${text.slice(-3)}${text}`))
        expectSame(pattern, Buffer.from(`${text.slice(0, middle)}é${text.slice(middle)}`))
      }
    }
  })

  test('ends where RE2 ends, of patterns put together at random', () => {
    const piece = fc.constantFrom(
      ...'a b [ab] [^a] a{1,3} b{2} b* c? [bc]+ a{0,2} a{2,3}? (?i:b) (?:ab|ca) (?:a|ab) (?:ab){2} (?:a{2}|b)'.split(
        ' ',
      ),
      String.raw`\b`,
      '.',
    )
    const source = fc.array(piece, { minLength: 1, maxLength: 5 }).map((all) => all.join(''))
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'B', 'é'), maxLength: 12 })
    fc.assert(
      fc.property(source, text, (pattern, subject) => {
        fc.pre(new RE2(`^(?:${pattern})$`).exec(Buffer.alloc(0)) === null)
        const run = runMatcher(pattern)
        // Within a character of several bytes RE2 begins nothing.
        if (run)
          expect(run(Buffer.from(subject), 0)).toBe(endByRe2(new RE2(pattern, 'y'), Buffer.from(subject), 0))
      }),
      { seed: 12, numRuns: 5000 },
    )
  })

  test.each([
    ['lazy repeats', 'a{1,3}?b'],
    ['runs that may go on in what follows', '[a-z]{2,9}[0-9a-f]{4}'],
    ['an optional part that begins like what follows', '(?:a1)?[a-z]{3}'],
    ['texts of which one begins the other', '(?:a|ab)c'],
    ['characters beyond ASCII', '[^a]{3}'],
    ['boundaries', String.raw`ab\b`],
  ])('is left to RE2 where it has %s', (_what, source) => {
    expect(runMatcher(source)).toBeNull()
  })
})
