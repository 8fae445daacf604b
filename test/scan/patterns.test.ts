/** What RE2 is asked, where reading the pattern ourselves could go wrong. */
import { describe, expect, test } from 'vitest'
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
