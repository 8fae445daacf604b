/** Deliveries over the API: seen with their attempts, and tried again. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transact } from '../../src/store/database.ts'
import { recordAttempt } from '../../src/store/deliveries.ts'
import { createIssuer, setIssuerProven } from '../../src/store/issuers.ts'
import { moveResponse } from '../../src/store/responses.ts'
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

describe('a delivery', () => {
  async function approved(): Promise<{ revocation: string; delivery: string }> {
    const { body } = await request(await world.addFinding())
    const answer = await world.ask('admin', 'POST', `${body.url}/approve`, { reason: 'agreed' })
    return { revocation: body.id, delivery: String(answer.body.attempts_url).split('/').at(-1) ?? '' }
  }

  async function killed(): Promise<{ revocation: string; delivery: string }> {
    const made = await approved()
    await transact(world.db, async (tx) => {
      const entry = { deliveryId: made.delivery, status: 500, outcome: 'server_error', milliseconds: 12 }
      await recordAttempt(tx, { ...entry, state: 'dead' })
      await moveResponse(tx, { id: made.revocation, to: 'failed', actor: 'issuer:acme' })
    })
    return made
  }

  test('that is dead shows its attempts and can be tried again', async () => {
    const { revocation, delivery } = await killed()

    const dead = await world.ask('read', 'GET', `/v1/deliveries/${delivery}`)
    const again = await world.ask('admin', 'POST', `/v1/deliveries/${delivery}/redeliver`, {
      reason: 'it is back',
    })

    expect(dead.body).toMatchObject({
      state: 'dead',
      last_status: 500,
      next_attempt_at: null,
      issuer_id: issuerId,
    })
    expect(dead.body.attempts).toMatchObject([{ status: 500, outcome: 'server_error', milliseconds: 12 }])
    expect(again.status).toBe(202)
    expect(again.body).toMatchObject({ state: 'pending', attempts_count: 0 })
    const response = await world.ask('read', 'GET', `/v1/revocations/${revocation}`)
    expect(response.body).toMatchObject({ status: 'executing', completed_at: null })
  })

  test('that is not dead, or whose body was purged, is not tried again', async () => {
    const pending = await approved()
    const purged = await killed()
    await world.db
      .updateTable('delivery')
      .set({ sealedBody: null })
      .where('id', '=', purged.delivery)
      .execute()

    for (const { delivery } of [pending, purged]) {
      const answer = await world.ask('admin', 'POST', `/v1/deliveries/${delivery}/redeliver`, { reason: 'x' })
      expect([answer.status, answer.body.type]).toEqual([409, 'urn:keyrecall:problem:not-redeliverable'])
    }
    const url = `/v1/deliveries/${randomUUID()}`
    expect((await world.ask('admin', 'POST', `${url}/redeliver`, { reason: 'x' })).status).toBe(404)
    expect((await world.ask('admin', 'POST', `${url}/redeliver`, {})).status).toBe(400)
    expect((await world.ask('read', 'GET', url)).status).toBe(404)
  })

  test('whose finding got another revocation meanwhile stays dead', async () => {
    const { revocation, delivery } = await killed()
    const { body } = await world.ask('read', 'GET', `/v1/revocations/${revocation}`)
    expect((await request(body.finding_id)).status).toBe(202)

    const answer = await world.ask('admin', 'POST', `/v1/deliveries/${delivery}/redeliver`, { reason: 'x' })

    expect(answer.status).toBe(409)
    expect((await world.ask('read', 'GET', `/v1/deliveries/${delivery}`)).body.state).toBe('dead')
  })

  test('is listed by state and issuer, never with its body', async () => {
    const dead = await world.ask(
      'read',
      'GET',
      `/v1/deliveries?state=dead&issuer_id=${issuerId}&per_page=100`,
    )
    const none = await world.ask('read', 'GET', `/v1/deliveries?issuer_id=${randomUUID()}`)

    expect(dead.body.length).toBeGreaterThan(0)
    expect(dead.body.every((one: { state: string }) => one.state === 'dead')).toBe(true)
    expect(Object.keys(dead.body[0]).filter((name) => name.includes('body'))).toEqual(['body_sha256'])
    expect(none.body).toEqual([])
    expect((await world.ask('read', 'GET', '/v1/deliveries?state=lost')).status).toBe(400)
  })
})
