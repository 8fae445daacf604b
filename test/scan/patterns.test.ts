/** What RE2 is asked, where reading the pattern ourselves could go wrong. */
import fc from 'fast-check'
import RE2 from 're2'
import { describe, expect, test } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { anchoredPattern } from '../../src/scan/patterns.ts'

function secretOf(pattern: string, text: string): string | undefined {
  const match = anchoredPattern(pattern).matchAt(Buffer.from(text), 0)
  return match ? text.slice(match.secretStart, match.secretEnd) : undefined
}

describe('the secret of a match', () => {
  test.each([
    ['a group', 'key=([0-9]{3})', 'key=123', '123'],
    ['a group that begins with an escape and an optional class', String.raw`k=(\[[ ]?[0-9])`, 'k=[ 7', '[ 7'],
    ['a group that begins with a class and a question mark', 'k=([+-]?[0-9])', 'k=-7', '-7'],
    ['a group with a name', 'k=(?P<value>[0-9])', 'k=7', '7'],
    ['a group behind a class with brackets', '[][]([0-9])', ']7', '7'],
    ['a group behind a class that excludes a bracket', '[^]a]([0-9])', 'b7', '7'],
    ['the whole, where the only round brackets are in a class', '[(][0-9]', '(7', '(7'],
    ['the whole, where the only round brackets are escaped', String.raw`\([0-9]\)`, '(7)', '(7)'],
    ['the whole, where no group captures', '(?:k|l)=(?i:a)', 'k=A', 'k=A'],
  ])('is %s', (_what, pattern, text, secret) => {
    expect(secretOf(pattern, text)).toBe(secret)
  })
})

describe('a match told by tests alone', () => {
  const sources = detectors.map(({ pattern }) => pattern).filter((source) => /\((?!\?)/.test(source))

  test.each(sources)('has the group that exec finds: %s', (source) => {
    const pattern = anchoredPattern(source)
    const plain = new RE2(source, 'yd')
    const texts = detectors.filter((one) => one.pattern === source).flatMap(({ examples }) => examples.match)
    for (const text of texts) {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; at++)
        expect(pattern.matchAt(bytes, at)).toEqual(told(plain, bytes, at))
    }
  })

  test('has the group that exec finds, of patterns put together at random', () => {
    const piece = fc.constantFrom(
      'a',
      'b?',
      '[ab]',
      'a{1,3}',
      '(?:a|ab)',
      'b*?',
      '(?i:A)b',
      'a{0,2}?',
      '[^a]',
      '',
    )
    const pieces = fc.array(piece, { maxLength: 4 }).map((all) => all.join(''))
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 })
    const group = fc.tuple(fc.constantFrom('(', '(?P<n>'), pieces).map(([open, inner]) => `${open}${inner}a)`)
    fc.assert(
      fc.property(
        pieces,
        group,
        pieces,
        fc.constantFrom('', '?', '{0,2}', '|ab', '(b)'),
        text,
        (...given) => {
          const [before, inner, behind, twist, subject] = given
          const source = `${before}${inner}${twist}${behind}`
          const bytes = Buffer.from(subject)
          // Detectors match something.
          fc.pre(new RE2(`^(?:${source})$`).exec(Buffer.alloc(0)) === null)
          expect(anchoredPattern(source).matchAt(bytes, 0)).toEqual(told(new RE2(source, 'yd'), bytes, 0))
        },
      ),
      { seed: 11, numRuns: 3000 },
    )
  })
})

/** What `exec` says of the match at `at`. */
function told(pattern: RE2, bytes: Buffer, at: number) {
  pattern.lastIndex = at
  const found = pattern.exec(bytes)
  if (!found) return null
  const group = found.indices?.slice(1).find((one) => one !== undefined)
  const end = at + found[0].length
  return { start: at, end, secretStart: group?.[0] ?? at, secretEnd: group?.[1] ?? end }
}
