import { afterAll, beforeAll, expect, test } from 'vitest'
import { deriveKeys } from '../../src/base/service-key.ts'
import { checkServiceKey } from '../../src/store/service-key-check.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('a database refuses another key than its first, and says what to do', async () => {
  await checkServiceKey(database.db, deriveKeys(Buffer.alloc(32, 1), 1))

  await checkServiceKey(database.db, deriveKeys(Buffer.alloc(32, 1), 1))
  const wrong = checkServiceKey(database.db, deriveKeys(Buffer.alloc(32, 2), 1))

  await expect(wrong).rejects.toMatchObject({ code: 'config' })
  await expect(wrong).rejects.toThrow('KEYRECALL_SERVICE_KEY')
})

test('the key itself is not in the database', async () => {
  const keys = deriveKeys(Buffer.alloc(32, 1), 1)

  const rows = await database.db.selectFrom('serviceKey').selectAll().execute()

  expect(rows).toHaveLength(1)
  for (const secret of [Buffer.alloc(32, 1), keys.seal, keys.fingerprint, keys.idempotency]) {
    expect(rows[0]?.checkValue.equals(secret)).toBe(false)
  }
})
