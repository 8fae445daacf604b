import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  comesAfter,
  decodeListedKey,
  isStorable,
  readMarker,
  subjectOf,
  writeMarker,
} from '../../../src/sources/s3/keys.ts'

const key = fc.string({ unit: 'binary', maxLength: 60 })

test('a key comes back from its listed form, a space as + or %20', () => {
  fc.assert(
    fc.property(key, (text) => {
      expect(decodeListedKey(encodeURIComponent(text))).toBe(text)
      expect(decodeListedKey(encodeURIComponent(text).replaceAll('%20', '+'))).toBe(text)
    }),
  )
})

test.each(['%', '%f', '%zz', '%ff', '%c3%28', '%ed%a0%80'])('%s is no key', (listed) => {
  expect(decodeListedKey(listed)).toBeNull()
})

test('a marker comes back whatever the key holds, and holds no NUL itself', () => {
  fc.assert(
    fc.property(key, (text) => {
      const marker = writeMarker(`a\0${text}`)

      expect(readMarker(marker)).toBe(`a\0${text}`)
      expect(isStorable(marker)).toBe(true)
    }),
  )
})

test('a subject can always be stored', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      (text) => {
        expect(isStorable(subjectOf('bucket', text))).toBe(true)
      },
    ),
  )
})

test('no key comes after itself, and of two others one comes after the other', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(comesAfter(a, a)).toBe(false)
      if (a !== b) expect(comesAfter(a, b) || comesAfter(b, a)).toBe(true)
    }),
  )
})
