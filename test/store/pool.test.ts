/** The pool: an outage is one kind of error to whoever retries, and passes without harm. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { asConnectionError } from '../../src/store/connection-error.ts'
import { createPool, migrate, openDatabase, transact } from '../../src/store/database.ts'
import { removeEmbedded, startEmbedded } from '../../src/store/embedded/embedded.ts'
import { listen } from '../../src/store/listen.ts'
import { enqueue, markSent, nextRunAt, outboxChannel, unsent } from '../../src/store/outbox.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { testSystemBinaries } from '../support/system-binaries.ts'

const log = createLog({ level: 'silent' })
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

describe('an error', () => {
  test.each([
    ['ENOENT', 'connect ENOENT /x'],
    ['ECONNRESET', 'read ECONNRESET'],
    ['57P01', 'terminating connection'],
    ['57P03', 'starting up'],
    ['53300', 'too many clients'],
    ['08006', 'connection failure'],
    [undefined, 'Connection terminated unexpectedly'],
    [undefined, 'timeout exceeded when trying to connect'],
  ])('%s of a lost connection is called ECONNREFUSED', (code, message) => {
    const error = Object.assign(new Error(message), code === undefined ? {} : { code })

    expect(asConnectionError(error)).toMatchObject({ code: 'ECONNREFUSED', cause: error })
  })

  test.each(['23505', '40P01', '42601', '22P05'])('%s of a statement stays what it is', (code) => {
    const error = Object.assign(new Error('no'), { code })

    expect(asConnectionError(error)).toBe(error)
  })
})

describe('a pool', () => {
  test('that lent out a connection which is cut while nothing runs on it fails its next query only', async () => {
    const pool = createPool({ ...database.settings, max: 1 }, log)
    const client = await pool.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const cut = new Promise((resolve) => client.once('end', resolve))

    // Without a listener of the pool's for lent clients this ends the process.
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await cut

    await expect(client.query('select 1')).rejects.toThrow('ECONNREFUSED')
    client.release(true)
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })

  test('takes every form of query that libraries send', async () => {
    const client = await database.pool.connect()
    const byCallback = await new Promise((resolve, reject) => {
      client.query('select $1::text as a', ['x\0'], (error, result) =>
        error ? reject(error) : resolve(result.rows),
      )
    })
    const byConfig = await client.query({ text: 'select $1::text as a', values: ['x\0'] })
    const byArray = await client.query('select $1::text[] as a', [['x\0', 'y']])
    client.release()

    expect(byCallback).toEqual([{ a: 'x\uFFFD' }])
    expect(byConfig.rows).toEqual([{ a: 'x\uFFFD' }])
    expect(byArray.rows).toEqual([{ a: ['x\uFFFD', 'y'] }])
  })

  test('whose server is away says ECONNREFUSED, and works again when it is back', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'keyrecall-pool-'))
    await chmod(dir, 0o755)
    const binaries = await testSystemBinaries()
    const options = { dataDir: join(dir, 'pg'), log, sync: false, ...(binaries ? { binaries } : {}) }
    const first = await startEmbedded(options)
    const pool = createPool(first.pool, log)
    await pool.query('select 1')
    await first.stop()

    const away = [pool.query('select 1'), pool.connect()].map((query) =>
      query.catch((error: unknown) => error),
    )
    const errors = await Promise.all(away)
    const second = await startEmbedded(options)

    expect(errors).toMatchObject([{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }])
    expect((await pool.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    await pool.end()
    await second.stop()
    await removeEmbedded(options.dataDir)
    await rm(dir, { recursive: true, force: true })
  })
})

describe('the outbox', () => {
  test('tells at commit, and nothing of what was rolled back', async () => {
    let notices = 0
    const listener = await listen(
      database.settings,
      outboxChannel,
      () => {
        notices += 1
      },
      log,
    )
    const before = notices
    await transact(database.db, async (tx) => {
      await enqueue(tx, 'recover', {})
      throw new Error('no')
    }).catch(() => undefined)
    await transact(database.db, (tx) => enqueue(tx, 'purge', {}))

    await vi.waitFor(() => expect(notices).toBeGreaterThan(before))
    expect((await unsent(database.db, 10)).map((row) => row.job)).toEqual(['purge'])
    await listener.close()
  })

  test('gives rows when their time has come, until they are marked', async () => {
    await database.db.deleteFrom('outbox').execute()
    const later = new Date(Date.now() + 3_600_000)
    await enqueue(database.db, 'recover', {}, later)
    expect(await nextRunAt(database.db)).toEqual(later)
    await enqueue(database.db, 'purge', {})

    const rows = await unsent(database.db, 10)
    await markSent(
      database.db,
      rows.map((row) => row.id),
    )

    expect(rows.map((row) => row.job)).toEqual(['purge'])
    expect(await unsent(database.db, 10)).toEqual([])
  })

  test('takes no payload but ids', async () => {
    const payload = { taskId: 'x', token: 'secret' } as unknown as { taskId: string }

    await expect(enqueue(database.db, 'git', payload)).rejects.toThrow()
  })
})

test('a transaction that met another the wrong way round is repeated', async () => {
  const pool = createPool(database.settings, log)
  const db = openDatabase(pool)
  await migrate(db)
  await pool.query('create table pair (id integer primary key, n integer default 0)')
  await pool.query('insert into pair values (1), (2)')
  const bump = (first: number, second: number) =>
    transact(db, async (tx) => {
      const { sql } = await import('kysely')
      await sql`update pair set n = n + 1 where id = ${first}`.execute(tx)
      await sql`select pg_sleep(0.2)`.execute(tx)
      await sql`update pair set n = n + 1 where id = ${second}`.execute(tx)
    })

  await Promise.all([bump(1, 2), bump(2, 1)])

  expect((await pool.query('select n from pair order by id')).rows).toEqual([{ n: 2 }, { n: 2 }])
  await db.destroy()
})
