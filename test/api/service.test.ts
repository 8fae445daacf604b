/** What holds for every route: errors, limits, logs, and how the service starts and stops. */
import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../src/api/app.ts'
import { requireScopes } from '../../src/api/auth/require-scope.ts'
import { newToken } from '../../src/api/auth/token.ts'
import { listenApi } from '../../src/api/listen.ts'
import { type ApiWorld, apiWorld } from './api-world.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await apiWorld()
})
afterAll(() => world.close())

const get = (authorization: string | undefined, url = '/v1/findings') =>
  world.inject({ method: 'GET', url, headers: authorization === undefined ? {} : { authorization } })

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

describe('a route that names no scope', () => {
  test('cannot be added', async () => {
    const app = Fastify()
    requireScopes(app, { findToken: async () => undefined, countRequest: async () => undefined })

    expect(() => app.get('/v1/oversight', () => 'open')).toThrow('names no scope')
    expect(() => app.get('/v1/meant', { config: { scope: 'public' } }, () => 'open')).not.toThrow()
    await app.close()
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
