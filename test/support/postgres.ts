/**
 * Databases for tests: one real server for each test file, with the migrated tables in a template that every
 * `testDatabase` is a copy of. The embedded PostgreSQL by default; with KEYRECALL_TEST_POSTGRES=system the newest under
 * /usr/lib/postgresql. Gone, with its folder, when the file is done.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { createPool, type Db, migrate, openDatabase, type PoolSettings } from '../../src/store/database.ts'
import { type EmbeddedPostgres, removeEmbedded, startEmbedded } from '../../src/store/embedded/embedded.ts'
import { testSystemBinaries } from './system-binaries.ts'

export interface TestDatabase {
  db: Db
  /** The pool under `db`. */
  pool: pg.Pool
  /** To open more pools on this database. */
  settings: PoolSettings
  /** Ends the pool and deletes the database. */
  drop(): Promise<void>
}

const template = 'keyrecall_template'
const log = createLog({ level: 'silent' })

interface TestServer {
  server: EmbeddedPostgres
  dir: string
}

let starting: Promise<TestServer> | undefined

/**
 * An empty, migrated database of its own.
 * @param durable what is committed outlives a server that is killed, as it does in production
 */
export async function testDatabase(durable = false): Promise<TestDatabase> {
  const { server } = await (starting ??= startServer())
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(server, `create database ${name} template ${template}`)
  if (durable) await administer(server, `alter database ${name} set synchronous_commit = on`)
  const settings: PoolSettings = { ...server.pool, database: name }
  const pool = createPool(settings, log)
  const db = openDatabase(pool)
  return {
    db,
    pool,
    settings,
    async drop() {
      await db.destroy()
      await administer(server, `drop database if exists ${name} with (force)`)
    },
  }
}

async function startServer(): Promise<TestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'keyrecall-test-pg-'))
  // The server may have to run as another user than root.
  await chmod(dir, 0o755)
  const binaries = await testSystemBinaries()
  const server = await startEmbedded({
    dataDir: join(dir, 'data'),
    log,
    sync: false,
    settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
    ...(binaries ? { binaries } : {}),
  })
  process.once('exit', () => killServer({ server, dir }))
  await administer(server, `create database ${template}`)
  const db = openDatabase(createPool({ ...server.pool, database: template }, log))
  await migrate(db)
  await db.destroy()
  return { server, dir }
}

async function administer(server: EmbeddedPostgres, statement: string): Promise<void> {
  const pool = createPool({ ...server.pool, max: 1 }, log)
  try {
    await pool.query(statement)
  } finally {
    await pool.end()
  }
}

afterAll(async () => {
  const running = await starting?.catch(() => undefined)
  starting = undefined
  if (!running) return
  await running.server.stop()
  await removeEmbedded(join(running.dir, 'data'))
  await rm(running.dir, { recursive: true, force: true })
})

/** For a test process that ends before its hooks ran. */
function killServer({ server, dir }: TestServer): void {
  try {
    const pid = Number(readFileSync(join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGQUIT')
  } catch {
    // Stopped, as it should be.
  }
  rmSync(dir, { recursive: true, force: true })
}
