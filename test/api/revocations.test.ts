/** Responses over the API: asked for by one, decided by another. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createIssuer, setIssuerProven, updateIssuer } from '../../src/store/issuers.ts'
import { unsent } from '../../src/store/outbox.ts'
import { type Answer, type ApiWorld, apiWorld } from './api-world.ts'

const endpoint = 'https://issuer.example/revoke'
let world: ApiWorld
let issuerId: string
beforeAll(async () => {
  world = await apiWorld()
  const types = { 'acme-key': 'acme_key' }
  const issuer = await createIssuer(world.db, { slug: 'acme', name: 'Acme', endpoint, types }, 'test')
  issuerId = issuer.id
  await setIssuerProven(world.db, issuerId, endpoint, 'test')
})
afterAll(() => world.close())

let keys = 0
function request(
  findingId: string,
  key = `key-${keys++}`,
  who: 'triage' | 'admin' = 'triage',
): Promise<Answer> {
  return world.ask(
    who,
    'POST',
    `/v1/findings/${findingId}/revocations`,
    { reason: 'it leaked' },
    {
      'idempotency-key': key,
    },
  )
}

describe('asking for a revocation', () => {
  test('makes one that waits for approval, with the gates as they stand', async () => {
    const id = await world.addFinding()

    const answer = await request(id)

    expect(answer.status).toBe(202)
    expect(answer.headers['location']).toBe(answer.body.url)
    expect(answer.body).toMatchObject({
      finding_id: id,
      issuer_id: issuerId,
      mode: 'approve',
      status: 'awaiting_approval',
      reason: 'it leaked',
      completed_at: null,
      attempts_url: null,
    })
    const gates = new Map(
      answer.body.gates.map((one: { gate: string; passed: boolean }) => [one.gate, one.passed]),
    )
    expect(gates.get('check_strength')).toBe(true)
    expect(gates.get('mode_auto')).toBe(false)
    const read = await world.ask('read', 'GET', answer.body.url)
    expect(read.body).toEqual(answer.body)
    const finding = await world.ask('read', 'GET', `/v1/findings/${id}`)
    expect(finding.body.revocation).toMatchObject({
      mode: 'approve',
      status: 'awaiting_approval',
      undo_until: null,
    })
  })

  test('sends nothing by itself', async () => {
    const answer = await request(await world.addFinding())

    const jobs = await unsent(world.db, 1000)
    expect(jobs.filter((job) => job.job === 'deliver')).toEqual([])
    expect(answer.body.attempts_url).toBeNull()
  })

  test('with the same key gives the same one, for another finding 422, by another token a new request', async () => {
    const id = await world.addFinding()
    const first = await request(id, 'same')

    const repeat = await request(id, 'same')
    const elsewhere = await request(await world.addFinding(), 'same')
    const other = await request(id, 'same', 'admin')

    expect([repeat.status, repeat.body.id]).toEqual([202, first.body.id])
    expect(elsewhere.status).toBe(422)
    expect([other.status, other.body.type]).toEqual([409, 'urn:keyrecall:problem:revocation-in-flight'])
  })

  test('at once from many gives one', async () => {
    const id = await world.addFinding()

    const answers = await Promise.all(Array.from({ length: 5 }, () => request(id)))

    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([202, 409, 409, 409, 409])
  })

  test('needs a key, a reason and a finding', async () => {
    const id = await world.addFinding()
    const url = `/v1/findings/${id}/revocations`

    const noKey = await world.ask('triage', 'POST', url, { reason: 'x' })
    const noReason = await world.ask('triage', 'POST', url, {}, { 'idempotency-key': 'a' })
    const missing = await request(randomUUID())

    expect([noKey.status, noKey.body.errors[0]]).toMatchObject([
      400,
      { in: 'header', pointer: '/idempotency-key' },
    ])
    expect([noReason.status, noReason.body.errors[0].pointer]).toEqual([400, '/reason'])
    expect(missing.status).toBe(404)
  })

  test('is refused where policy forbids any action', async () => {
    const canary = await world.addFinding({ hit: { label: 'canary' } })
    const orphan = await world.addFinding({ detector: 'other-key' })
    const resolved = await world.addFinding()
    await world.ask('triage', 'PATCH', `/v1/findings/${resolved}`, {
      state: 'resolved',
      resolution: 'revoked',
    })
    const purged = await world.addFinding()
    await world.db.updateTable('finding').set({ sealedSecret: null }).where('id', '=', purged).execute()

    for (const id of [canary, orphan, resolved, purged]) {
      const answer = await request(id)
      expect([answer.status, answer.body.type]).toEqual([422, 'urn:keyrecall:problem:not-revocable'])
    }
    await updateIssuer(world.db, issuerId, { mode: 'observe' }, 'test')
    expect((await request(await world.addFinding())).status).toBe(422)
    await updateIssuer(world.db, issuerId, { mode: 'approve' }, 'test')
  })
})

describe('a decision', () => {
  test('to approve lets the delivery go out, and is not for who asked', async () => {
    const { body } = await request(await world.addFinding())

    const own = await world.ask('triage', 'POST', `${body.url}/approve`, { reason: 'me too' })
    const other = await world.ask('admin', 'POST', `${body.url}/approve`, { reason: 'agreed' })
    const again = await world.ask('second', 'POST', `${body.url}/approve`, { reason: 'late' })

    expect(own.status).toBe(403)
    expect(other.status).toBe(202)
    expect(other.body).toMatchObject({ status: 'executing', reason: 'agreed' })
    expect(other.body.decided_by).toMatch(/^token:/)
    expect(again.status).toBe(409)
    const delivery = await world.ask('read', 'GET', other.body.attempts_url)
    expect(delivery.body).toMatchObject({
      state: 'pending',
      kind: 'revoke',
      attempts: [],
      revocation_id: body.id,
    })
    const jobs = await unsent(world.db, 1000)
    expect(jobs.some((job) => job.payload['deliveryId'] === delivery.body.id)).toBe(true)
  })

  test('to reject ends it, and another may be asked for', async () => {
    const id = await world.addFinding()
    const { body } = await request(id)

    const rejected = await world.ask('admin', 'POST', `${body.url}/reject`, { reason: 'in use' })
    const again = await request(id)

    expect([rejected.status, rejected.body.status]).toEqual([200, 'rejected'])
    expect(rejected.body.completed_at).not.toBeNull()
    expect((await world.ask('admin', 'POST', `${body.url}/reject`, { reason: 'x' })).status).toBe(409)
    expect(again.status).toBe(202)
    const list = await world.ask('read', 'GET', `/v1/findings/${id}/revocations`)
    expect(list.body.map((one: { status: string }) => one.status)).toEqual(['awaiting_approval', 'rejected'])
  })

  test('is refused while the kill switch is on', async () => {
    const { body } = await request(await world.addFinding())
    await world.ask('admin', 'PUT', '/v1/settings/kill-switch', { engaged: true, reason: 'a drill' })

    const answer = await world.ask('admin', 'POST', `${body.url}/approve`, { reason: 'agreed' })

    await world.ask('admin', 'PUT', '/v1/settings/kill-switch', { engaged: false, reason: 'over' })
    expect(answer.status).toBe(409)
    expect((await world.ask('read', 'GET', body.url)).body.status).toBe('awaiting_approval')
  })

  test('needs a reason and something to decide', async () => {
    const { body } = await request(await world.addFinding())
    for (const verb of ['approve', 'reject']) {
      expect((await world.ask('admin', 'POST', `${body.url}/${verb}`, {})).status).toBe(400)
      const missing = await world.ask('admin', 'POST', `/v1/revocations/${randomUUID()}/${verb}`, {
        reason: 'x',
      })
      expect(missing.status).toBe(404)
    }
  })
})

describe('the list of revocations', () => {
  test('is filtered by state and walked by links', async () => {
    await request(await world.addFinding())
    await request(await world.addFinding())

    const page = await world.ask('read', 'GET', '/v1/revocations?state=awaiting_approval&per_page=1')
    const rejected = await world.ask('read', 'GET', '/v1/revocations?state=rejected')
    const all = await world.ask('read', 'GET', '/v1/revocations?per_page=100')

    expect(page.body).toHaveLength(1)
    expect(page.headers['link']).toContain('rel="next"')
    expect(rejected.body.length).toBeGreaterThan(0)
    expect(rejected.body.every((one: { status: string }) => one.status === 'rejected')).toBe(true)
    expect(all.body.length).toBeGreaterThan(rejected.body.length)
    expect((await world.ask('read', 'GET', '/v1/revocations?state=odd')).status).toBe(400)
    expect((await world.ask('read', 'GET', `/v1/revocations/${randomUUID()}`)).status).toBe(404)
    expect((await world.ask('read', 'GET', `/v1/findings/${randomUUID()}/revocations`)).status).toBe(404)
  })
})
