/** The audit log: one chain whoever writes, and every later change shows. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendAudit, listAudit, verifyAudit } from '../../src/store/audit.ts'
import { transact } from '../../src/store/database.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

function append(subjectId: string, detail: Record<string, unknown> = {}): Promise<void> {
  const entry = { actor: 'test', action: 'thing.done', subjectType: 'thing', subjectId, detail }
  return transact(database.db, (tx) => appendAudit(tx, entry))
}

/** Runs `statement` as an intruder would who may do anything to the table, and undoes it after `look`. */
async function tamper(statement: string, look: () => Promise<void>): Promise<void> {
  await sql.raw('create table kept as select * from audit_event').execute(database.db)
  await sql.raw('alter table audit_event disable trigger user').execute(database.db)
  await sql.raw(statement).execute(database.db)
  await look()
  await sql.raw('delete from audit_event').execute(database.db)
  await sql.raw('insert into audit_event select * from kept').execute(database.db)
  await sql.raw('drop table kept').execute(database.db)
  await sql.raw('alter table audit_event enable trigger user').execute(database.db)
}

test('many writers at once make one chain', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => append(`s${index}`)))

  expect(await verifyAudit(database.db)).toMatchObject({ ok: true, events: 20 })
})

test('what jsonb changes about a detail does not break the chain', async () => {
  await append('odd\0name', {
    z: 1,
    a: [{ y: 1.0, b: 'x\0\uD800' }],
    at: new Date(0),
    none: undefined,
    big: 1e21,
  })

  expect(await verifyAudit(database.db)).toMatchObject({ ok: true })
  const [event] = await listAudit(database.db, { subjectId: 'odd\uFFFDname', limit: 1 })
  expect(event?.detail).toEqual({
    z: 1,
    a: [{ y: 1, b: 'x\uFFFD\uFFFD' }],
    at: '1970-01-01T00:00:00.000Z',
    big: 1e21,
  })
})

test.each(['update audit_event set actor = $$x$$', 'delete from audit_event', 'truncate audit_event'])(
  'the database refuses: %s',
  async (statement) => {
    await expect(sql.raw(statement).execute(database.db)).rejects.toThrow('append-only')
  },
)

test.each([
  ['a changed actor', "update audit_event set actor = 'x' where seq = 3", 'changed', '3'],
  ['a changed detail', `update audit_event set detail = '{"a":1}' where seq = 5`, 'changed', '5'],
  ['a missing row', 'delete from audit_event where seq = 4', 'missing', '4'],
  ['a missing first row', 'delete from audit_event where seq = 1', 'missing', '1'],
])('%s shows', async (_name, statement, reason, brokenAt) => {
  await tamper(statement, async () => {
    expect(await verifyAudit(database.db)).toEqual({ ok: false, reason, brokenAt })
  })

  expect(await verifyAudit(database.db)).toMatchObject({ ok: true })
})

test('an event rolled back with its transaction leaves no gap', async () => {
  const failing = transact(database.db, async (tx) => {
    await appendAudit(tx, { actor: 't', action: 'a', subjectType: 's', subjectId: '1' })
    throw new Error('no')
  })

  await expect(failing).rejects.toThrow('no')
  await append('after')
  expect(await verifyAudit(database.db)).toMatchObject({ ok: true })
})

test('more events than one statement can carry are appended in their order', async () => {
  const entries = Array.from({ length: 7_500 }, (_, index) => ({
    actor: 'service',
    action: 'finding.created',
    subjectType: 'finding',
    subjectId: String(index),
  }))

  await transact(database.db, (tx) => appendAudit(tx, ...entries))

  expect(await verifyAudit(database.db)).toMatchObject({ ok: true })
  expect(await listAudit(database.db, { subjectId: '7499', limit: 2 })).toHaveLength(1)
})
