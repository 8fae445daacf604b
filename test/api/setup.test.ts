/** Sources, schedules and issuers over the API. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiWorld, apiWorld } from './api-world.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await apiWorld()
})
afterAll(() => world.close())

let names = 0
async function addSource(target = 's3://bucket/prefix'): Promise<string> {
  const body = { name: `source ${names++}`, target, authority: 'owned' }
  const answer = await world.ask('admin', 'POST', '/v1/sources', body)
  expect(answer.status).toBe(201)
  return answer.body.id
}

describe('sources', () => {
  test('are added, read, listed and removed', async () => {
    const body = { name: 'the bucket', target: 's3://acme-logs', authority: 'public' }

    const added = await world.ask('admin', 'POST', '/v1/sources', body)
    const read = await world.ask('read', 'GET', added.body.url)
    const list = await world.ask('read', 'GET', '/v1/sources?per_page=100')
    const removed = await world.ask('admin', 'DELETE', added.body.url)

    expect(added.headers['location']).toBe(added.body.url)
    expect(read.body).toEqual({ ...added.body, ...body })
    expect(list.body).toContainEqual(added.body)
    expect([removed.status, removed.text]).toEqual([204, ''])
    expect((await world.ask('read', 'GET', added.body.url)).status).toBe(404)
    expect((await world.ask('admin', 'DELETE', added.body.url)).status).toBe(404)
  })

  test('with a target that is none, standard input or a name that is taken are refused', async () => {
    const add = (target: string, name: string) =>
      world.ask('admin', 'POST', '/v1/sources', { name, target, authority: 'owned' })
    await add('s3://one', 'taken')

    for (const target of [
      'github:',
      'git:--upload-pack=x',
      'git:ext::sh',
      '-',
      's3://',
      'https://a.example/x',
    ]) {
      expect([target, (await add(target, 'new')).status]).toEqual([target, 400])
    }
    expect((await add('s3://two', 'taken')).status).toBe(409)
    expect((await world.ask('admin', 'POST', '/v1/sources', { name: 'x', target: 's3://abc' })).status).toBe(
      400,
    )
  })

  test('stay while a scan or a schedule refers to them', async () => {
    const scanned = await addSource()
    await world.ask('triage', 'POST', '/v1/scans', { source_ids: [scanned] })
    const planned = await addSource()
    const schedule = { name: 'nightly', cron: '0 3 * * *', source_ids: [planned] }
    const { body } = await world.ask('admin', 'POST', '/v1/schedules', schedule)

    expect((await world.ask('admin', 'DELETE', `/v1/sources/${scanned}`)).status).toBe(409)
    expect((await world.ask('admin', 'DELETE', `/v1/sources/${planned}`)).status).toBe(409)
    await world.ask('admin', 'DELETE', body.url)
    expect((await world.ask('admin', 'DELETE', `/v1/sources/${planned}`)).status).toBe(204)
  })
})

describe('schedules', () => {
  test('are added with their next run, changed, listed and removed', async () => {
    const source = await addSource()
    const body = { name: 'weekly', cron: '30 4 * * THU', time_zone: 'Europe/Berlin', source_ids: [source] }

    const added = await world.ask('admin', 'POST', '/v1/schedules', body)
    const changed = await world.ask('admin', 'PATCH', added.body.url, { enabled: false })
    const list = await world.ask('read', 'GET', '/v1/schedules?per_page=100')
    const removed = await world.ask('admin', 'DELETE', added.body.url)

    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ ...body, enabled: true })
    const next = new Date(added.body.next_run_at)
    expect(next.getTime()).toBeGreaterThan(Date.now())
    const zone = {
      timeZone: 'Europe/Berlin',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    } as const
    expect(new Intl.DateTimeFormat('en-GB', zone).format(next)).toMatch(/^Thu.*04:30$/)
    expect(changed.body).toMatchObject({ ...body, enabled: false, next_run_at: null })
    expect(list.body).toContainEqual(changed.body)
    expect(removed.status).toBe(204)
    for (const method of ['GET', 'DELETE', 'PATCH']) {
      const answer = await world.ask(
        'admin',
        method,
        added.body.url,
        method === 'PATCH' ? { enabled: true } : undefined,
      )
      expect(answer.status).toBe(404)
    }
  })

  test('with an expression, zone, source or name that cannot be are refused', async () => {
    const source = await addSource()
    const good = { name: `schedule ${names++}`, cron: '0 3 * * *', time_zone: 'UTC', source_ids: [source] }
    const { body } = await world.ask('admin', 'POST', '/v1/schedules', good)
    const cases: [object, number, string][] = [
      [{ cron: '61 * * * *' }, 422, 'invalid-cron'],
      [{ cron: '* * *' }, 422, 'invalid-cron'],
      [{ cron: 'H 3 * * *' }, 422, 'invalid-cron'],
      [{ cron: '0 0 31 2 *' }, 422, 'invalid-cron'],
      [{ cron: 'often' }, 422, 'invalid-cron'],
      [{ time_zone: 'Mars/Olympus' }, 422, 'invalid-time-zone'],
      [{ time_zone: '+02:00' }, 422, 'invalid-time-zone'],
      [{ source_ids: [randomUUID()] }, 422, 'unprocessable'],
      [{ source_ids: [] }, 400, 'invalid-input'],
      [{ colour: 'red' }, 400, 'invalid-input'],
    ]
    for (const [change, status, slug] of cases) {
      const added = await world.ask('admin', 'POST', '/v1/schedules', { ...good, name: 'new', ...change })
      const changed = await world.ask('admin', 'PATCH', body.url, change)
      expect([change, added.status, added.body.type]).toEqual([
        change,
        status,
        `urn:keyrecall:problem:${slug}`,
      ])
      expect([change, changed.status]).toEqual([change, status])
    }
    expect((await world.ask('admin', 'POST', '/v1/schedules', good)).status).toBe(409)
    const six = { ...good, name: 'macro', cron: '@daily' }
    expect((await world.ask('admin', 'POST', '/v1/schedules', six)).status).toBe(201)
    expect((await world.ask('admin', 'PATCH', body.url, { name: 'macro' })).status).toBe(409)
  })
})

describe('issuers', () => {
  const add = (body: object) => world.ask('admin', 'POST', '/v1/issuers', { name: 'Acme', ...body })

  test('are added in mode approve, unproven, and read and listed', async () => {
    const body = { slug: 'acme', endpoint: 'https://acme.example/revoke', types: { 'acme-key': 'acme_key' } }

    const added = await add(body)
    const list = await world.ask('read', 'GET', '/v1/issuers')

    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ ...body, mode: 'approve', proven_at: null, revokes_on_receipt: false })
    expect((await world.ask('read', 'GET', added.body.url)).body).toEqual(added.body)
    expect(list.body).toContainEqual(added.body)
    expect((await add(body)).status).toBe(409)
    expect((await world.ask('read', 'GET', `/v1/issuers/${randomUUID()}`)).status).toBe(404)
  })

  test('are set to auto with a reason only, which the audit log keeps', async () => {
    const { body } = await add({ slug: 'careful' })

    const bare = await world.ask('admin', 'PATCH', body.url, { mode: 'auto' })
    const reasoned = await world.ask('admin', 'PATCH', body.url, {
      mode: 'auto',
      reason: 'trusted for a year',
    })

    expect([bare.status, bare.body.type]).toEqual([422, 'urn:keyrecall:problem:reason-required'])
    expect((await add({ slug: 'hasty', mode: 'auto' })).status).toBe(422)
    expect(reasoned.body.mode).toBe('auto')
    const audit = await world.ask('admin', 'GET', `/v1/audit?subject_id=${body.id}`)
    expect(audit.body[0]).toMatchObject({
      action: 'issuer.updated',
      detail: { mode: 'auto', reason: 'trusted for a year' },
    })
    expect(audit.body[0].actor).toMatch(/^token:/)
    expect(audit.body).toHaveLength(2)
  })

  test('lose their proof with another endpoint, and can be switched off and on', async () => {
    const { body } = await add({ slug: 'moving', endpoint: 'https://one.example/' })
    await world.db.updateTable('issuer').set({ provenAt: new Date() }).where('id', '=', body.id).execute()

    const off = await world.ask('admin', 'PATCH', body.url, { disabled: true })
    const on = await world.ask('admin', 'PATCH', body.url, { disabled: false })
    const moved = await world.ask('admin', 'PATCH', body.url, { endpoint: 'https://two.example/' })

    expect(off.body.disabled_at).not.toBeNull()
    expect(on.body).toMatchObject({ disabled_at: null })
    expect(on.body.proven_at).not.toBeNull()
    expect(moved.body).toMatchObject({ endpoint: 'https://two.example/', proven_at: null })
  })

  test('with endpoints, types or members that cannot be are refused', async () => {
    const { body } = await add({ slug: 'strict' })
    const credentials = Object.assign(new URL('https://acme.example/'), {
      username: 'user',
      password: 'pass',
    }).href
    const cases: [object, number][] = [
      [{ endpoint: 'http://acme.example/' }, 400],
      [{ endpoint: credentials }, 400],
      [{ endpoint: 'https://acme.example/#x' }, 400],
      [{ endpoint: 'acme' }, 400],
      [{ header_prefix: 'a b' }, 400],
      [{ mode: 'yolo' }, 400],
      [{ hourly_cap: -1 }, 400],
      [{ certificate_authority: 'none' }, 400],
      [{ types: { 'no-such-key': 'x' } }, 422],
      [{ owner: 'me' }, 400],
    ]
    for (const [change, status] of cases) {
      expect([change, (await world.ask('admin', 'PATCH', body.url, change)).status]).toEqual([change, status])
      expect([change, (await add({ slug: 'new', ...change })).status]).toEqual([change, status])
    }
    expect((await add({ slug: 'Not A Slug' })).status).toBe(400)
    expect((await world.ask('admin', 'PATCH', body.url, {})).status).toBe(422)
    const missing = await world.ask('admin', 'PATCH', `/v1/issuers/${randomUUID()}`, { name: 'x' })
    expect(missing.status).toBe(404)
  })

  test('are proven by a test delivery', async () => {
    const { body } = await add({ slug: 'proving', endpoint: 'https://acme.example/' })
    const { body: silent } = await add({ slug: 'silent' })

    const proven = await world.ask('admin', 'POST', `${body.url}/test`)

    expect(proven.body).toMatchObject({ proven: true, status: 200, outcome: 'delivered' })
    expect(proven.body.delivery_url).toBe(`/v1/deliveries/${proven.body.delivery_id}`)
    const none = await world.ask('admin', 'POST', `${silent.url}/test`)
    expect([none.status, none.body.type]).toEqual([409, 'urn:keyrecall:problem:no-endpoint'])
    expect((await world.ask('admin', 'POST', `/v1/issuers/${randomUUID()}/test`)).status).toBe(404)
  })
})
