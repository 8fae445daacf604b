import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsOf, count, formatBytes, visible, wrap } from '../../src/cli/terminal-text.ts'

describe('text from outside', () => {
  test.each([
    ['\u001b[2J\u001b[31mred', String.raw`\u{1b}[2J\u{1b}[31mred`],
    ['a\rb\nc\td', String.raw`a\rb\nc\td`],
    ['\u009b31m', String.raw`\u{9b}31m`],
    ['\u007f\u0000', String.raw`\u{7f}\u{0}`],
    ['evil\u202egnp.exe', String.raw`evil\u{202e}gnp.exe`],
    ['zero\u200bwidth\ufeff', String.raw`zero\u{200b}width\u{feff}`],
    ['line\u2028separator', String.raw`line\u{2028}separator`],
    ['half \ud83d of a pair', String.raw`half \u{d83d} of a pair`],
    ['tag \u{e0041}', String.raw`tag \u{e0041}`],
    ['Grüße/日本語/😀.env', 'Grüße/日本語/😀.env'],
  ])('%j is shown without acting on the terminal', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  test('never keeps a control character, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('wrapping', () => {
  test('breaks behind a slash or space where one is near the end', () => {
    expect(wrap('src/config/production.env:12:3', 20)).toEqual(['src/config/', 'production.env:12:3'])
  })

  test('loses no character but blanks at a break and keeps every line in its width', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z /日😀]{0,60}$/u),
        fc.integer({ min: 2, max: 30 }),
        (text, width) => {
          const lines = wrap(text, width)

          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_234_567, '1.2 MB'],
  [999_949, '1.0 MB'],
  [123_456_789, '123 MB'],
  [5e12, '5.0 TB'],
  [5e15, '5000 TB'],
])('%d bytes are shown as %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown)
})

test('counts agree with their word', () => {
  expect([count(0, 'blob'), count(1, 'blob'), count(12_345, 'blob')]).toEqual([
    '0 blobs',
    '1 blob',
    '12,345 blobs',
  ])
})
