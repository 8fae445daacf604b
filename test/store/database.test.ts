/** The tables: what the type says and what the migrations make are the same thing, commented and indexed. */
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPool, isMigrated, migrate, openDatabase } from '../../src/store/database.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** Table and column names that the type `Tables` gives, in snake_case, read from its source. */
function typedColumns(): Map<string, Set<string>> {
  const source = readFileSync(new URL('../../src/store/tables.ts', import.meta.url), 'utf8')
  const body = source.slice(
    source.indexOf('export interface Tables {'),
    source.indexOf('\n}\n', source.indexOf('export interface Tables {')),
  )
  const tables = new Map<string, Set<string>>()
  for (const [, name = '', columns = ''] of body.matchAll(/^ {2}(\w+): \{([^}]*)\}/gms)) {
    const names = [...columns.matchAll(/(?:^|[\s;])(\w+):/g)].map((match) => snake(match[1] ?? ''))
    tables.set(snake(name), new Set(names))
  }
  return tables
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

describe('the tables', () => {
  test('the Tables type names exactly the tables and columns that the migrations make', async () => {
    const { rows } = await sql<{ tableName: string; columnName: string }>`
      select table_name, column_name from information_schema.columns where table_schema = 'public'`.execute(
      database.db,
    )
    const made = new Map<string, Set<string>>()
    for (const row of rows) {
      made.set(row.tableName, (made.get(row.tableName) ?? new Set()).add(row.columnName))
    }

    expect(typedColumns()).toEqual(made)
  })

  test('every table has a comment', async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r'
        and obj_description(oid, 'pg_class') is null`.execute(database.db)

    expect(rows).toEqual([])
  })

  test('every foreign key begins an index', async () => {
    const { rows } = await sql<{ name: string }>`
      select conname as name from pg_constraint c
      where contype = 'f' and not exists (
        select from pg_index i
        where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])`.execute(database.db)

    expect(rows).toEqual([])
  })

  test('every constraint is named after its table', async () => {
    const { rows } = await sql<{ name: string }>`
      select conname as name from pg_constraint
      where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'p', 'u')
        and conname not like (select relname from pg_class where oid = conrelid) || '%'`.execute(database.db)

    expect(rows).toEqual([])
  })
})

describe('migrating', () => {
  test('two migrators at once apply each migration once', async () => {
    const pool = createPool({ ...database.settings, searchPath: 'twice', max: 4 })
    const db = openDatabase(pool)
    await pool.query('create schema twice')

    const applied = await Promise.all([migrate(db), migrate(db)])

    expect(applied.flat()).toEqual(['0001_start.sql'])
    expect(await isMigrated(db)).toBe(true)
    await db.destroy()
  })
})
