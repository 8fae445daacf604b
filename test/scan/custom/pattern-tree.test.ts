/** Reading patterns: what they match in bytes and in words, compared with RE2, and what is refused. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../detectors/checks/random.ts'
import { detectors } from '../../../detectors/index.ts'
import { drawText, sizeOf } from '../../../src/scan/custom/pattern-size.ts'
import { readPattern } from '../../../src/scan/custom/pattern-tree.ts'
import { patternInWords } from '../../../src/scan/custom/pattern-words.ts'
import { anchoredPattern } from '../../../src/scan/patterns.ts'

const atom = fc.constantFrom(
  'a',
  'acme_',
  'é',
  String.raw`\.`,
  String.raw`\x41`,
  String.raw`\n`,
  String.raw`\d`,
  String.raw`\w`,
  String.raw`\S`,
  '.',
  '[a-f]',
  '[^a-f]',
  String.raw`[\w.-]`,
  String.raw`[\]\\^-]`,
  '[+-/]',
  '[a-]',
  '[é-ü]',
)
const count = fc.constantFrom('', '', '?', '{2}', '{0,3}', '{1,4}?', '{2,2}')

const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(atom, count)
      .map(([one, times]) =>
        one.length > 1 && !/^[[\\]/.test(one) && times ? `(?:${one})${times}` : one + times,
      ),
    fc.tuple(tie('pattern'), count).map(([inner, times]) => `(?:${inner})${times}`),
  ),
  pattern: fc
    .array(fc.array(tie('part'), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
    .map((branches) => branches.map((parts) => parts.join('')).join('|')),
}))

describe('a pattern that is read', () => {
  test('matches what is drawn from it, within the size it says', () => {
    fc.assert(
      fc.property(pattern, fc.nat(), (source, seed) => {
        const { root, problems } = readPattern(source)
        const text = drawText(root, seededRandom(seed))
        const bytes = Buffer.from(text)
        const { least, most } = sizeOf(root)

        expect(problems).toEqual([])
        expect(anchoredPattern(`(?:${source})\\z`).matchAt(bytes, 0)?.end, JSON.stringify(text)).toBe(
          bytes.length,
        )
        expect(bytes.length).toBeGreaterThanOrEqual(least)
        expect(bytes.length).toBeLessThanOrEqual(most)
      }),
      { numRuns: 1_500, seed: 41 },
    )
  })

  test('is never more than refused, whatever it holds', () => {
    const signs = fc.constantFrom(...'()[]{}|*+?^$.\\-:=!<>azA0,2é'.split(''))
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 40 }), (parts) => {
        const source = parts.join('')
        const { root, problems } = readPattern(source)

        expect(typeof patternInWords(root)).toBe('string')
        // What is accepted, RE2 accepts too.
        if (problems.length === 0) anchoredPattern(source === '' ? 'a' : source)
      }),
      { numRuns: 3_000, seed: 42 },
    )
  })

  test('is understood for every built-in detector, but for flags, boundaries and open ends', () => {
    for (const { id, pattern, examples } of detectors) {
      const { root, problems } = readPattern(pattern)
      const foreign = problems.filter(({ message }) => !/boundary|flags|upper bound/.test(message))

      expect(foreign, id).toEqual([])
      expect(sizeOf(root).least, id).toBeLessThanOrEqual(
        Math.min(...examples.match.map(({ length }) => length)),
      )
    }
  })

  test.each([
    ['acme_[0-9]{8}', '"acme_", then 8 of [0-9]'],
    ['k=([a-f]{4,8})', '"k=", then the secret (4 to 8 of [a-f])'],
    ['(?:live|test)_.', '("live" or "test"), then "_", then one of any character'],
    ['a?[^b]', 'perhaps "a", then one of anything but [b]'],
    ['(?:ab){3}', '3 times ("ab")'],
  ])('%s is %s in words', (source, words) => {
    expect(patternInWords(readPattern(source).root)).toBe(words)
  })

  test.each([
    ['a(?=b)', 2, 'not_before and not_after'],
    ['a(?<!b)', 2, 'not_before and not_after'],
    [String.raw`(a)\1`, 4, 'refers back'],
    [String.raw`\bacme`, 1, 'boundary'],
    ['^acme', 1, 'boundary'],
    ['acme$', 5, 'boundary'],
    ['acme[0-9]+', 10, '{1,200}'],
    ['acme[0-9]*', 10, '{0,200}'],
    ['acme[0-9]{4,}', 10, '{4,200}'],
    ['acme[0-9]{4,2000}', 10, 'at most to 1000'],
    ['a{2}{3}', 5, 'cannot be repeated'],
    ['(?i)acme', 1, '[Aa]'],
    ['(?<name>a)', 1, 'no names'],
    ['[[:alpha:]]', 1, 'write the characters out'],
    ['[z-a]', 1, 'from the lower to the higher'],
    ['[a', 1, 'never closed'],
    ['(a', 1, 'never closed'],
    ['a)', 2, 'closes nothing'],
    [String.raw`\p{L}`, 1, 'not supported'],
    ['*a', 1, 'nothing before it'],
    [`${'(?:'.repeat(31)}a${')'.repeat(31)}`, 91, 'nested more than 30'],
  ])('%s is refused at character %i: %s', (source, at, reason) => {
    const [first] = readPattern(source).problems

    expect(first?.message).toContain(reason)
    expect((first?.at ?? -1) + 1).toBe(at)
  })
})
