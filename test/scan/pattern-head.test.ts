import { expect, test } from 'vitest'
import { headBehind } from '../../src/scan/pattern-head.ts'

/** What may stand behind `text`, place by place. */
function behind(source: string, text: string): string[] {
  return headBehind(source, text).map((table) =>
    Array.from(table.keys())
      .filter((byte) => table[byte] === 1)
      .map((byte) => String.fromCharCode(byte))
      .join(''),
  )
}

test('tells what stands behind a text that a pattern spells once', () => {
  expect(behind('[a-z]{2,9}@x[12]', '@')).toEqual(['x', '12'])
})

test.each([
  ['twice', 'a@b@c'],
  ['in a group, too', '[a-z]{1,3}@(?:x|y@)'],
  ['in what may be there', '[a-z]{1,3}@?b@c'],
  ['in a group alone', '[a-z]{1,3}(?:@|#)b'],
])('tells nothing where the end of the text is spelled %s', (_, source) => {
  expect(behind(source, '@')).toEqual([])
})
