/** Cursors: what goes in comes out, and nothing else does. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from '../../src/api/cursor.ts'

describe('cursors', () => {
  test('give back what they were made of', () => {
    const key = fc
      .tuple(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999 }),
      )
      .map(([date, micros]) => date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`))
    fc.assert(
      fc.property(key, fc.uuid(), (key, id) => {
        const cursor = { order: 'findings created desc', key, id }
        expect(decodeCursor(encodeCursor(cursor), cursor.order, 'times')).toEqual(cursor)
      }),
    )
  })

  test('made up from any text are refused with 400, never anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.base64String()), (text) => {
        for (const made of [text, Buffer.from(text).toString('base64url')]) {
          expect(() => decodeCursor(made, 'findings created desc', 'times')).toThrow(
            expect.objectContaining({ status: 400, slug: 'invalid-cursor' }),
          )
        }
      }),
    )
  })
})
