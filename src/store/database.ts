/** The door to the tables: opening, migrating, and transactions that survive a deadlock. */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import type pg from 'pg'
import type { Tables } from './tables.ts'

export { createPool, type PoolSettings } from './pool.ts'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** `db.destroy()` ends the pool. */
export function openDatabase(pool: pg.Pool): Db {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

/**
 * `work` in a transaction, again when PostgreSQL chose it as the victim of a deadlock; so `work` must do nothing
 * but SQL. Use it wherever an audit event is appended, since those take turns (`audit.ts`).
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt >= 5 || !isDeadlock(error)) throw error
    }
  }
}

/** Joins the caller's transaction where there is one, else makes its own. */
export async function within<T>(db: Db | Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Tx) : transact(db, work)
}

function isDeadlock(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === '40P01' || code === '40001'
}

const migrations = fileURLToPath(new URL('./migrations/', import.meta.url))
/** Advisory lock of migrators; any number that nobody else here uses. */
const migrationLock = 7_205_001

/** Applies what is missing, in one transaction; gives the names. Of two at once, one waits and then has nothing to do. */
export async function migrate(db: Db): Promise<string[]> {
  const names = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).sort()
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(tx)
    await sql`create table if not exists migration (
      name text not null,
      applied_at timestamptz not null default now(),
      constraint migration_pkey primary key (name)
    )`.execute(tx)
    await sql`comment on table migration is 'Files of src/store/migrations that were applied'`.execute(tx)
    const present = await tx.selectFrom('migration').select('name').execute()
    const missing = names.filter((name) => !present.some((row) => row.name === name))
    for (const name of missing) {
      await sql.raw(await readFile(`${migrations}${name}`, 'utf8')).execute(tx)
      await tx.insertInto('migration').values({ name }).execute()
    }
    return missing
  })
}

/** Whether every migration of this build was applied; throws when the database cannot be reached. */
export async function isMigrated(db: Db): Promise<boolean> {
  const names = (await readdir(migrations)).filter((name) => name.endsWith('.sql'))
  const present = await db.selectFrom('migration').select('name').execute()
  return names.every((name) => present.some((row) => row.name === name))
}
