/** Bearer tokens: their form, how they are kept, and what the wrong ones are answered. */
import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureFirstToken, mintToken } from '../../src/api/auth/mint-token.ts'
import { includesScope } from '../../src/api/auth/scopes.ts'
import { isWellFormed, newToken } from '../../src/api/auth/token.ts'
import { revokeToken } from '../../src/store/tokens.ts'
import { testDatabase } from '../support/postgres.ts'
import { type ApiWorld, apiWorld } from './api-world.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await apiWorld()
})
afterAll(() => world.close())

const get = (authorization: string | undefined, url = '/v1/findings') =>
  world.inject({ method: 'GET', url, headers: authorization === undefined ? {} : { authorization } })

/** How often the table of tokens was read so far. */
async function lookups(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(world.db)
  const { rows } = await sql<{ reads: string }>`
    select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) as reads
    from pg_stat_user_tables where relname = 'api_token'`.execute(world.db)
  return Number(rows[0]?.reads)
}

describe('a token', () => {
  test('has the published form: 30 characters and their CRC-32 in base62', () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const [, random = '', check = ''] = /^kr_pat_(\w{30})(\w{6})$/.exec(newToken()) ?? []

    const value = Array.from(check).reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0)
    expect(value).toBe(crc32(random))
  })

  test('with any one character changed is no longer well formed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 42 }),
        fc.constantFrom('0', 'Z', 'z', '-', '!'),
        (at, character) => {
          const token = newToken()
          const changed = token.slice(0, at) + character + token.slice(at + 1)
          expect(isWellFormed(token)).toBe(true)
          expect(isWellFormed(changed)).toBe(changed === token)
        },
      ),
    )
  })

  test('that is missing, malformed, unknown or revoked is answered with 401 and a challenge', async () => {
    const revoked = await mintToken(world.db, { name: 'old', scopes: ['admin'] })
    const row = await world.db
      .selectFrom('apiToken')
      .select('id')
      .where('name', '=', 'old')
      .executeTakeFirstOrThrow()
    await revokeToken(world.db, row.id, 'test')
    const good = world.tokens.read
    const cases: [string | undefined, RegExp][] = [
      [undefined, /^Bearer realm="keyrecall"$/],
      ['', /^Bearer realm="keyrecall"$/],
      [`Basic ${Buffer.from(`x:${good}`).toString('base64')}`, /^Bearer realm="keyrecall"$/],
      [`Bearer ${good} ${good}`, /^Bearer realm="keyrecall"$/],
      [`Bearer ${good.slice(0, -1)}`, /invalid_token/],
      [`Bearer ${newToken()}`, /invalid_token/],
      [`Bearer ${revoked}`, /invalid_token/],
    ]
    for (const [header, challenge] of cases) {
      const answer = await get(header)
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(challenge)
      expect(answer.body.type).toBe('urn:keyrecall:problem:unauthorized')
      if (header) expect(answer.text).not.toContain(header.split(' ')[1])
    }
    expect((await get(`bearer  ${good}`)).status).toBe(200)
  })

  test('that is malformed is refused without asking the database', async () => {
    const before = await lookups()
    for (let count = 0; count < 20; count++) await get(`Bearer kr_pat_${randomBytes(18).toString('hex')}`)
    const between = await lookups()
    await get(`Bearer ${newToken()}`)
    const after = await lookups()

    expect(between).toBe(before)
    expect(after).toBeGreaterThan(between)
  })

  test('is kept as its hash only, and its use is noted once a minute', async () => {
    const token = await mintToken(world.db, { name: 'noted', scopes: ['read'] })
    const read = () =>
      world.db.selectFrom('apiToken').selectAll().where('name', '=', 'noted').executeTakeFirstOrThrow()
    const fresh = await read()
    await get(`Bearer ${token}`)
    const used = await read()
    await get(`Bearer ${token}`)
    const again = await read()
    const old = new Date(Date.now() - 61_000)
    await world.db.updateTable('apiToken').set({ lastUsedAt: old }).where('name', '=', 'noted').execute()
    await get(`Bearer ${token}`)

    expect(fresh.tokenHash).toEqual(createHash('sha256').update(token).digest())
    expect(JSON.stringify(fresh)).not.toContain(token)
    expect(fresh.lastUsedAt).toBeNull()
    expect(used.lastUsedAt).not.toBeNull()
    expect(again.lastUsedAt).toEqual(used.lastUsedAt)
    expect((await read()).lastUsedAt?.getTime()).toBeGreaterThan(old.getTime())
  })

  test('of an admin is given once, to the first of two that start at the same time', async () => {
    const empty = await testDatabase()
    const both = await Promise.all([ensureFirstToken(empty.db), ensureFirstToken(empty.db)])
    const later = await ensureFirstToken(empty.db)
    await empty.drop()

    expect(both.filter((token) => token !== null)).toHaveLength(1)
    expect(isWellFormed(both.find((token) => token !== null) ?? '')).toBe(true)
    expect(later).toBeNull()
    expect(await ensureFirstToken(world.db)).toBeNull()
  })

  test('with a larger scope may do what a smaller one may', () => {
    expect(includesScope(['admin'], 'read')).toBe(true)
    expect(includesScope(['read', 'triage'], 'triage')).toBe(true)
    expect(includesScope(['triage'], 'admin')).toBe(false)
    expect(includesScope(['root'], 'read')).toBe(false)
    expect(includesScope([], 'read')).toBe(false)
  })
})
