/** What becomes of a response under every answer an issuer can give, and under none. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { redeliver } from '../../src/api/redeliver.ts'
import { deliver } from '../../src/respond/deliver.ts'
import { notifyFinding } from '../../src/respond/notify/notify.ts'
import { planResponse } from '../../src/respond/plan.ts'
import { updateIssuer } from '../../src/store/issuers.ts'
import { makeToken, type Service, startService } from './service.ts'

let service: Service
beforeEach(async () => {
  service = await startService()
})
afterEach(() => service.close())

const token = makeToken('one')

async function leakWith(
  fault: Parameters<Service['issuer']['setFault']>[0],
  fields: Parameters<Service['addIssuer']>[0] = {},
) {
  const row = await service.addIssuer(fields)
  service.issuer.register(token, 'holder@example.com')
  service.issuer.setFault(fault)
  const [finding = ''] = await service.leak({ token })
  await service.drain()
  return { issuerId: row.id, finding }
}

/** Everything up to the delivery row, which nobody has sent yet. */
async function planOnly(fields: Parameters<Service['addIssuer']>[0] = {}) {
  const row = await service.addIssuer(fields)
  service.issuer.register(token, 'holder@example.com')
  const [finding = ''] = await service.leak({ token })
  await planResponse(service.db, service.deps, finding)
  const [delivery] = await service.deliveries()
  return { issuerId: row.id, finding, deliveryId: delivery?.id ?? '' }
}

async function attempts() {
  return await service.db.selectFrom('deliveryAttempt').select(['status', 'outcome']).orderBy('id').execute()
}

describe('a refusal', () => {
  it('ends the delivery at once, keeps the body for another try, and asks the owner to act', async () => {
    await leakWith('refuse')

    expect(await attempts()).toEqual([{ status: 422, outcome: 'refused' }])
    expect(await service.responses()).toMatchObject([{ state: 'failed', outcome: 'refused' }])
    const [delivery] = await service.deliveries()
    expect(delivery?.state).toBe('dead')
    expect(delivery?.sealedBody).not.toBeNull()
    expect(service.mailbox.mails()[0]?.text).toContain('could not be disabled')
  })

  it('by 410 switches the endpoint off, and what comes after waits', async () => {
    await leakWith('gone')
    const issuer = await service.db.selectFrom('issuer').selectAll().executeTakeFirstOrThrow()
    expect(issuer.disabledAt).not.toBeNull()
    expect(await service.responses()).toMatchObject([{ state: 'failed', outcome: 'gone' }])

    service.issuer.setFault('none')
    await service.leak({ token: makeToken('two') })
    await service.drain()

    expect(service.requests).toHaveLength(1)
    expect((await service.responses())[1]).toMatchObject({ state: 'awaiting_approval' })
  })
})

describe('an issuer that is down', () => {
  it('is tried again with the same id and bytes, and disables the token once it is up', async () => {
    const { deliveryId } = await planOnly()
    service.issuer.setFault('down')
    await deliver(service.db, service.deps, deliveryId)
    service.issuer.setFault('none')
    await service.drain()

    expect(await attempts()).toEqual([
      { status: 503, outcome: 'busy' },
      { status: 200, outcome: 'delivered' },
    ])
    const [first, second] = service.requests
    expect(first?.headers['webhook-id']).toBe(deliveryId)
    expect(second?.headers['webhook-id']).toBe(deliveryId)
    expect(first?.body.equals(second?.body ?? Buffer.alloc(0))).toBe(true)
    expect(await service.responses()).toMatchObject([{ state: 'confirmed' }])
  })

  it('for the whole schedule fails the response', async () => {
    await leakWith('down')

    expect(await attempts()).toHaveLength(3)
    expect(await service.responses()).toMatchObject([{ state: 'failed', outcome: 'busy' }])
    expect(service.mailbox.mails()).toHaveLength(1)
  })

  it('by not answering is tried again', async () => {
    await leakWith('slow')

    expect((await attempts()).map((attempt) => attempt.outcome)).toEqual(['timeout', 'timeout', 'timeout'])
  })
})

describe('a bare 2xx', () => {
  it('is submitted, never confirmed, and the owner is told so', async () => {
    const { finding } = await leakWith('bare-202')

    expect(await service.responses()).toMatchObject([{ state: 'submitted', outcome: 'accepted' }])
    expect(await service.finding(finding)).toMatchObject({ validity: 'unknown' })
    expect((await service.finding(finding)).sealedSecret).not.toBeNull()
    expect(service.mailbox.mails()[0]?.text).toContain('it has not confirmed yet')
  })

  it('is confirmed by the status look-up', async () => {
    const statusEndpoint = service.issuer.statusEndpoint
    const { finding } = await leakWith('bare-202', { statusEndpoint })

    expect(await service.responses()).toMatchObject([{ state: 'confirmed', outcome: 'status_inactive' }])
    expect(await service.finding(finding)).toMatchObject({ validity: 'inactive', sealedSecret: null })
    expect(service.requests.map((request) => request.path)).toEqual(['/revoke', '/status'])
    expect(service.requests[1]?.body.toString()).not.toContain(token)
    expect(service.mailbox.mails()[0]?.text).toContain('disabled it')
  })

  it('that is still to be looked up is told of only when the longest wait is over', async () => {
    service.deps.confirmDelays = [600]
    const statusEndpoint = service.issuer.statusEndpoint
    const { finding } = await leakWith('bare-202', { statusEndpoint })

    await notifyFinding(service.db, service.deps, finding)
    await service.drain()
    expect(service.mailbox.mails()).toEqual([])

    service.deps.noticeMaxWait = 0
    await notifyFinding(service.db, service.deps, finding)
    await service.drain()
    expect(service.mailbox.mails()[0]?.text).toContain('it has not confirmed yet')
  })

  it('from an issuer that does nothing stays submitted after all look-ups, and shows as active', async () => {
    const statusEndpoint = service.issuer.statusEndpoint
    const { finding } = await leakWith('idle-202', { statusEndpoint })

    expect(service.requests.filter((request) => request.path === '/status')).toHaveLength(2)
    expect(await service.responses()).toMatchObject([{ state: 'submitted', nextConfirmAt: null }])
    expect(await service.finding(finding)).toMatchObject({ validity: 'active' })
    const events = await service.db
      .selectFrom('auditEvent')
      .select('action')
      .where('action', '=', 'response.unconfirmed')
      .execute()
    expect(events).toHaveLength(1)
    expect(service.mailbox.mails()).toHaveLength(1)
  })
})

describe('feedback', () => {
  it('true_positive from an issuer that does not revoke on receipt is no more than submitted', async () => {
    await leakWith('none', { revokesOnReceipt: false })

    expect(await service.responses()).toMatchObject([{ state: 'submitted', outcome: 'true_positive' }])
  })

  it('false_positive resolves the finding and mails nobody', async () => {
    const { finding } = await leakWith('false-positive')

    expect(await service.responses()).toMatchObject([{ state: 'failed', outcome: 'false_positive' }])
    expect(await service.finding(finding)).toMatchObject({
      state: 'resolved',
      resolution: 'false_positive',
      resolvedBy: 'issuer:acme',
    })
    expect(service.mailbox.mails()).toEqual([])
  })

  it('false_positive after an attempt whose answer was lost downgrades nothing', async () => {
    const { finding, deliveryId } = await planOnly()
    service.issuer.setFault('slow')
    await deliver(service.db, service.deps, deliveryId)
    service.issuer.setFault('false-positive')
    await service.drain()

    expect(await service.responses()).toMatchObject([{ state: 'submitted', outcome: 'false_positive' }])
    expect(await service.finding(finding)).toMatchObject({ state: 'open' })
  })

  it('false_positive to a delivery that was given up and sent again downgrades nothing', async () => {
    const { finding } = await leakWith('slow')
    const [delivery] = await service.deliveries()
    expect(delivery?.state).toBe('dead')
    service.issuer.setFault('false-positive')

    await redeliver(service.db, delivery?.id ?? '', 'token:ann', 'once more')
    await service.drain()

    expect(await service.responses()).toMatchObject([{ state: 'submitted', outcome: 'false_positive' }])
    expect(await service.finding(finding)).toMatchObject({ state: 'open' })
  })

  it('false_positive after a worker died with the answer in hand downgrades nothing', async () => {
    const { finding, deliveryId } = await planOnly()
    const past = new Date(Date.now() - 1000)
    await service.db
      .updateTable('delivery')
      .set({ claimedUntil: past })
      .where('id', '=', deliveryId)
      .execute()
    service.issuer.setFault('false-positive')
    await service.drain()

    expect(await service.responses()).toMatchObject([{ state: 'submitted', outcome: 'false_positive' }])
    expect(await service.finding(finding)).toMatchObject({ state: 'open' })
  })
})

describe('between decision and sending', () => {
  it('a delivery that another worker holds is left to it', async () => {
    const { deliveryId } = await planOnly()

    await Promise.all(Array.from({ length: 5 }, () => deliver(service.db, service.deps, deliveryId)))

    expect(service.requests).toHaveLength(1)
  })

  it('a changed endpoint gets no live credential until it is proven', async () => {
    const { issuerId, deliveryId } = await planOnly()
    await updateIssuer(service.db, issuerId, { endpoint: `${service.issuer.endpoint}?v=2` }, 'test')

    await deliver(service.db, service.deps, deliveryId)

    expect(service.requests).toEqual([])
    expect(await service.deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }])
  })

  it.each(['approve', 'observe', 'dry_run'] as const)(
    'an issuer taken back to %s gets nothing by itself',
    async (mode) => {
      const { issuerId, deliveryId } = await planOnly()
      await updateIssuer(service.db, issuerId, { mode }, 'test')

      await deliver(service.db, service.deps, deliveryId)

      expect(service.requests).toEqual([])
      expect(await service.deliveries()).toMatchObject([{ state: 'pending' }])
    },
  )

  it("a type that is no longer the issuer's ends the delivery", async () => {
    const { issuerId } = await planOnly()
    await updateIssuer(service.db, issuerId, { types: { 'another-key': 'another_key' } }, 'test')

    await service.drain()

    expect(service.requests).toEqual([])
    expect(await service.responses()).toMatchObject([{ state: 'failed', outcome: 'cancelled' }])
  })

  it('a finding that a person resolved ends the delivery, and nobody is mailed', async () => {
    const { finding } = await planOnly()
    await service.db
      .updateTable('finding')
      .set({ state: 'resolved', resolution: 'used_in_tests' })
      .where('id', '=', finding)
      .execute()

    await service.drain()

    expect(service.requests).toEqual([])
    expect(await service.responses()).toMatchObject([{ state: 'failed', outcome: 'cancelled' }])
    expect(service.mailbox.mails()).toEqual([])
  })
})

describe('a claim', () => {
  const answer = { status: 202, headers: {}, body: Buffer.from(''), truncated: false }

  it('of a delivery lasts as long as its request, however short the lease', async () => {
    const { deliveryId } = await planOnly()
    let sent = 0
    const outbound = {
      async request() {
        sent += 1
        await sleep(700)
        return answer
      },
    }
    const deps = { ...service.deps, outbound, lease: 300 }

    const first = deliver(service.db, deps, deliveryId)
    await sleep(500)
    await deliver(service.db, deps, deliveryId)
    await first

    expect(sent).toBe(1)
  })
})
