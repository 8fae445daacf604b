/** What monitors and issuers read without a token; the kill switch and the audit log. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiWorld, apiWorld } from './api-world.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await apiWorld()
})
afterAll(() => world.close())

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
