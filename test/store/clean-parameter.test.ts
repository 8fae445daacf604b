/** Whatever the bytes, PostgreSQL takes the parameter; what it would take anyway stays as it is. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cleanParameter, cleanText } from '../../src/store/clean-parameter.ts'
import { readTask, writeTask } from '../../src/store/task-params.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** Any UTF-16 text, with NUL, backslashes and lone surrogates far more often than chance gives. */
const anyText = fc
  .array(
    fc.oneof(fc.constantFrom('\0', '\\', '\\u0000', '\uD83D', '\uDE00', '"', '{', '\u001b'), fc.string()),
  )
  .map((parts) => parts.join(''))

describe('a parameter', () => {
  test('of any text is stored, and read back as its clean form', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        // Text that looks like JSON may also lose what only looks like an escape.
        const plain = `-${text}`

        const { rows } = await database.pool.query('select $1::text as value', [plain])

        expect(rows[0].value).toBe(cleanText(plain))
      }),
      { numRuns: 200 },
    )
  })

  test('of any JSON is stored, also as text that its caller made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ text: anyText, list: fc.array(anyText) }), async (value) => {
        const given = [JSON.stringify(value), value]

        const { rows } = await database.pool.query('select $1::jsonb as made, $2::jsonb as object', given)

        const expected = { text: cleanText(value.text), list: value.list.map(cleanText) }
        expect(rows[0]).toEqual({ made: expected, object: expected })
      }),
      { numRuns: 200 },
    )
  })

  test('that is well formed stays the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0') && !text.includes('\\u'))
        expect(cleanParameter(text)).toBe(text)
      }),
    )
    const others = [1, null, true, 10n, Buffer.from('a\0'), new Date(0)]
    expect(others.map(cleanParameter)).toEqual(others)
  })
})

test('a task comes back from its column unchanged, whatever its texts', () => {
  fc.assert(
    fc.property(anyText, anyText, (bucket, prefix) => {
      const task = { kind: 's3-list-page', bucket, prefix, keyMarker: null, versionMarker: null } as const
      const stored: unknown = JSON.parse(writeTask(task))
      expect(cleanText(JSON.stringify(stored))).toBe(JSON.stringify(stored))
      expect(readTask(stored)).toEqual(task)
    }),
  )
})
