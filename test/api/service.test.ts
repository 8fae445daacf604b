/** What holds for every route: tokens, errors, limits, logs; and what monitors and issuers read without a token. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../src/api/app.ts'
import { ensureFirstToken, mintToken } from '../../src/api/auth/mint-token.ts'
import { includesScope } from '../../src/api/auth/scopes.ts'
import { isWellFormed, newToken } from '../../src/api/auth/token.ts'
import { listenApi } from '../../src/api/listen.ts'
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

describe('an error', () => {
  const post = (payload: string, type = 'application/json', url = '/v1/sources') =>
    world.inject({
      method: 'POST',
      url,
      payload,
      headers: { authorization: `Bearer ${world.tokens.admin}`, 'content-type': type },
    })

  test('is a problem with its request id as the instance', async () => {
    const answer = await get(`Bearer ${world.tokens.read}`, '/v1/nowhere')

    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.body.instance).toBe(`urn:uuid:${answer.headers['x-request-id']}`)
    expect(answer.body).toMatchObject({ type: 'urn:keyrecall:problem:not-found', status: 404 })
  })

  test('of the method is 405 with Allow, whatever the body', async () => {
    for (const [method, url, allow] of [
      ['DELETE', '/v1/findings', 'GET, HEAD'],
      ['POST', `/v1/findings/${randomUUID()}`, 'GET, HEAD, PATCH'],
      ['POST', '/healthz', 'GET, HEAD'],
      ['GET', `/v1/scans/${randomUUID()}/cancel`, 'POST'],
    ] as const) {
      const answer = await world.inject({
        method,
        url,
        ...(method === 'POST' ? { payload: '<x/>', headers: { 'content-type': 'text/xml' } } : {}),
      })
      expect([url, answer.status, answer.headers['allow']]).toEqual([url, 405, allow])
      expect(answer.body.type).toBe('urn:keyrecall:problem:method-not-allowed')
    }
  })

  test('of the media type, the size or the syntax is 415, 413 or 400, and repeats nothing of the body', async () => {
    const secret = `hunter${randomBytes(8).toString('hex')}`

    const answers = [
      await post(`{"name": ${secret}}`),
      await post(`"${secret}`),
      await post(''),
      await post(`{"__proto__": {"${secret}": 1}}`),
      await post(secret, 'text/plain'),
      await post(`<a>${secret}</a>`, 'application/xml'),
      await post(JSON.stringify({ name: secret, target: 'x'.repeat(300_000) })),
    ]

    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400, 400, 415, 415, 413])
    for (const answer of answers) expect(answer.text).not.toContain(secret)
    expect(world.logged()).not.toContain(secret)
  })

  test('of an URL that cannot be read is 400', async () => {
    const answer = await get(`Bearer ${world.tokens.read}`, '/v1/findings/%E0%A4%A')

    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json'])
  })

  test('of our own is 500 without details for the client, and is logged', async () => {
    const detail = `boom ${randomUUID()}`
    const broken = await apiWorld({
      proveEndpoint: async () => {
        throw new Error(detail)
      },
    })
    const issuer = { slug: 'a', name: 'A', endpoint: 'https://a.example/' }
    const { body } = await broken.ask('admin', 'POST', '/v1/issuers', issuer)

    const answer = await broken.ask('admin', 'POST', `${body.url}/test`)

    const logged = broken.logged()
    await broken.close()
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain(detail)
    expect(logged).toContain(detail)
    expect(logged).toContain(String(answer.body.instance).slice('urn:uuid:'.length))
  })

  test('of a database that is gone is 503, and the process still lives', async () => {
    const gone = await apiWorld()
    await gone.db.destroy()
    const database = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
    const away = new Proxy(gone.db, {
      get: () => () => {
        throw database
      },
    })
    const app = await createApi({ ...gone.deps, db: away })

    const findings = await app.inject({
      url: '/v1/findings',
      headers: { authorization: `Bearer ${newToken()}` },
    })
    const ready = await app.inject('/readyz')
    const alive = await app.inject('/healthz')

    await app.close()
    await gone.close()
    expect([findings.statusCode, findings.headers['retry-after']]).toEqual([503, '5'])
    expect(ready.statusCode).toBe(503)
    expect(ready.json().type).toBe('urn:keyrecall:problem:unavailable')
    expect(alive.statusCode).toBe(200)
  })
})

describe('limits', () => {
  test('are counted for each token, and for each address before tokens are looked up', async () => {
    const small = await apiWorld({ rateLimits: { perAddress: 12, perToken: 3 } })
    const ask = (token: string, remoteAddress: string) =>
      small.inject({ url: '/v1/sources', remoteAddress, headers: { authorization: `Bearer ${token}` } })

    const one = []
    for (let count = 0; count < 4; count++) one.push((await ask(small.tokens.read, '192.0.2.1')).status)
    const other = await ask(small.tokens.triage, '192.0.2.1')
    const made = []
    for (let count = 0; count < 10; count++) made.push(await ask(newToken(), '192.0.2.1'))
    const elsewhere = await ask(small.tokens.admin, '192.0.2.2')
    const network = []
    for (let count = 0; count < 13; count++)
      network.push((await ask(newToken(), `2001:db8::${count}`)).status)
    const health = await small.inject({ url: '/healthz', remoteAddress: '192.0.2.1' })
    const nowhere = await small.inject({ url: '/nowhere', remoteAddress: '192.0.2.1' })

    await small.close()
    expect(one).toEqual([200, 200, 200, 429])
    expect(other.status).toBe(200)
    expect(made.map((answer) => answer.status)).toEqual([...Array(7).fill(401), 429, 429, 429])
    const last = made.at(-1)
    expect(last?.body.type).toBe('urn:keyrecall:problem:rate-limited')
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0)
    expect(elsewhere.status).toBe(200)
    expect(network).toEqual([...Array(12).fill(401), 429])
    expect(health.status).toBe(200)
    expect(nowhere.status).toBe(429)
  })
})

describe('the log', () => {
  test('has method, route, status and ids, and nothing that was sent', async () => {
    const marks = Array.from({ length: 5 }, () => `mark${randomBytes(8).toString('hex')}`)
    const [path, query, header, body, id] = marks

    await world.ask('read', 'GET', `/v1/${path}?x=1`)
    await world.ask('read', 'GET', `/v1/findings?q=${query}`)
    await world.ask('read', 'GET', `/v1/findings/${id}`)
    await world.ask('admin', 'POST', '/v1/sources', { name: body }, { 'x-odd': String(header) })
    await world.inject({
      url: '/meta/public_keys/secret_scanning',
      headers: { authorization: `token ${header}` },
    })

    const logged = world.logged()
    for (const mark of [...marks, ...Object.values(world.tokens), world.planted])
      expect(logged).not.toContain(mark)
    expect(logged).toContain('"route":"/v1/findings/:id"')
    expect(logged).toMatch(/"requestId":"[0-9a-f-]{36}","method":"POST","route":"\/v1\/sources","status":400/)
  })
})

describe('the public keys', () => {
  test('are served under both paths, with ids that are the SHA-256 of the key, for five minutes', async () => {
    const answer = await world.inject({ url: '/meta/public_keys/secret_scanning' })
    const older = await world.inject({ url: '/meta/public_keys/token_scanning' })

    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('public, max-age=300')
    expect(older.body).toEqual(answer.body)
    const [key] = answer.body.public_keys
    expect(key.key).toMatch(/^-----BEGIN PUBLIC KEY-----\n[^\r]+\n-----END PUBLIC KEY-----\n$/)
    expect(key.key_identifier).toBe(createHash('sha256').update(key.key).digest('hex'))
    expect(key.is_current).toBe(true)
    expect(answer.text).not.toContain('PRIVATE')
  })

  test('answer 304 to their own ETag, and take no notice of a token', async () => {
    const first = await world.inject({ url: '/meta/public_keys/secret_scanning' })
    const tag = first.headers['etag'] ?? ''
    const ask = (headers: Record<string, string>) =>
      world.inject({ url: '/meta/public_keys/secret_scanning', headers })

    expect(tag).toMatch(/^"[0-9a-f]+"$/)
    expect((await ask({ 'if-none-match': tag })).status).toBe(304)
    expect((await ask({ 'if-none-match': `"x", W/${tag}` })).status).toBe(304)
    expect((await ask({ 'if-none-match': '"x"' })).status).toBe(200)
    expect((await ask({ authorization: 'token nonsense' })).status).toBe(200)
  })
})

describe('monitors', () => {
  test('see health and readiness without a token', async () => {
    expect((await world.inject({ url: '/healthz' })).body).toEqual({ status: 'ok' })
    expect((await world.inject({ url: '/readyz' })).body).toEqual({ status: 'ok' })
  })

  test('are told that a database without all migrations is not ready', async () => {
    await world.db.updateTable('migration').set({ name: 'other' }).execute()
    const answer = await world.inject({ url: '/readyz' })
    await world.db.updateTable('migration').set({ name: '0001_start.sql' }).execute()

    expect(answer.status).toBe(503)
    expect((await world.inject({ url: '/readyz' })).status).toBe(200)
  })

  test('read metrics from this machine, and from others or through a proxy with a token', async () => {
    const ask = (remoteAddress: string, headers: Record<string, string> = {}) =>
      world.inject({ url: '/metrics', remoteAddress, headers })

    const local = await ask('127.0.0.1')

    expect(local.status).toBe(200)
    expect(local.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(local.text).toContain('# TYPE keyrecall_tasks_total counter')
    expect((await ask('::1')).status).toBe(200)
    expect((await ask('::ffff:127.0.0.1')).status).toBe(200)
    expect((await ask('192.0.2.1')).status).toBe(401)
    expect((await ask('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' })).status).toBe(401)
    expect((await ask('127.0.0.1', { forwarded: 'for=192.0.2.1' })).status).toBe(401)
    expect((await ask('192.0.2.1', { authorization: `Bearer ${world.tokens.read}` })).status).toBe(200)
  })
})

describe('the kill switch and the audit log', () => {
  test('note who engaged it and why', async () => {
    const url = '/v1/settings/kill-switch'
    const before = await world.ask('read', 'GET', url)
    const set = await world.ask('admin', 'PUT', url, { engaged: true, reason: 'an incident' })
    const after = await world.ask('read', 'GET', url)
    await world.ask('admin', 'PUT', url, { engaged: false, reason: 'it is over' })

    expect([before.body, set.body, after.body]).toEqual([
      { engaged: false },
      { engaged: true },
      { engaged: true },
    ])
    const { body } = await world.ask('admin', 'GET', '/v1/audit?subject_type=setting&per_page=2')
    expect(body).toMatchObject([
      { action: 'kill_switch.released', detail: { reason: 'it is over' } },
      { action: 'kill_switch.engaged', detail: { reason: 'an incident' } },
    ])
    expect((await world.ask('admin', 'PUT', url, { engaged: true })).status).toBe(400)
    expect((await world.ask('admin', 'PUT', url, { engaged: 'yes', reason: 'x' })).status).toBe(400)
  })

  test('is paged without gaps or repeats', async () => {
    const seen: number[] = []
    let url: string | undefined = '/v1/audit?per_page=2'
    while (url !== undefined) {
      const answer = await world.ask('admin', 'GET', url)
      seen.push(...answer.body.map((event: { seq: number }) => event.seq))
      url = /<([^>]+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1]
    }

    expect(seen.length).toBeGreaterThan(4)
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => seen.length - at))
  })
})

describe('a route that names no scope', () => {
  test('cannot be added', () => {
    expect(() => world.app.get('/v1/oversight', () => 'open')).toThrow()
  })
})

describe('listening', () => {
  test('answers on the port that was taken, finishes what is under way, and then is closed', async () => {
    let release: (() => void) | undefined
    const held = new Promise<void>((done) => {
      release = done
    })
    let entered: (() => void) | undefined
    const inside = new Promise<void>((done) => {
      entered = done
    })
    const own = await apiWorld()
    const app = await createApi({
      ...own.deps,
      proveEndpoint: async () => {
        entered?.()
        await held
        return own.proof
      },
    })
    const { body } = await own.ask('admin', 'POST', '/v1/issuers', {
      slug: 'a',
      name: 'A',
      endpoint: 'https://a.example/',
    })
    const listening = await listenApi(app, '127.0.0.1:0')
    const headers = { authorization: `Bearer ${own.tokens.admin}` }

    const slow = fetch(`${listening.url}${body.url}/test`, { method: 'POST', headers })
    await inside
    const closed = listening.close()
    release?.()
    const answer = await slow
    await closed

    expect(answer.status).toBe(200)
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow()
    await listening.close()
    await own.close()
  })

  test('answers what is no HTTP with a problem, and refuses addresses that are none or taken', async () => {
    const own = await apiWorld()
    const listening = await listenApi(own.app, 'localhost:0')
    const port = new URL(listening.url).port
    const raw = await new Promise<string>((done, failed) => {
      const socket = connect(Number(port), new URL(listening.url).hostname.replace(/[[\]]/g, ''))
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk.toString()
      })
      socket.on('error', failed)
      socket.on('close', () => done(text))
      socket.end('NONSENSE\r\n\r\n')
    })
    const second = await createApi(own.deps)

    await expect(listenApi(second, new URL(listening.url).host)).rejects.toMatchObject({ code: 'config' })
    await expect(listenApi(second, 'nowhere')).rejects.toMatchObject({ code: 'config' })
    await expect(listenApi(second, '127.0.0.1:99999')).rejects.toMatchObject({ code: 'config' })
    expect(raw).toMatch(/^HTTP\/1\.1 400 .*content-type: application\/problem\+json/s)
    expect(JSON.parse(raw.split('\r\n\r\n')[1] ?? '').status).toBe(400)
    await second.close()
    await listening.close()
    await own.close()
  })
})
