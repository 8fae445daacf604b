/** What people decide: approving, rejecting, proving an endpoint. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseMatches } from '../../src/issuer-kit/index.ts'
import { approve, reject } from '../../src/respond/plan.ts'
import { proveEndpoint } from '../../src/respond/prove.ts'
import { getIssuer, updateIssuer } from '../../src/store/issuers.ts'
import { setKillSwitch } from '../../src/store/settings.ts'
import { makeToken, type Service, startService } from './service.ts'

let service: Service
beforeEach(async () => {
  service = await startService()
})
afterEach(() => service.close())

const token = makeToken('one')

/** A response that waits for somebody. */
async function waiting() {
  const issuer = await service.addIssuer({ mode: 'approve' })
  service.issuer.register(token, 'holder@example.com')
  await service.leak({ token })
  await service.drain()
  const [response] = await service.responses()
  expect(response?.state).toBe('awaiting_approval')
  return { issuer, id: response?.id ?? '' }
}

describe('a waiting response', () => {
  it('goes out when it is approved, and says who did', async () => {
    const { id } = await waiting()

    await approve(service.db, service.deps, id, 'token:ann', 'seen')
    await service.drain()

    expect(await service.responses()).toMatchObject([{ state: 'confirmed', decidedBy: 'token:ann' }])
    expect(service.issuer.records()).toMatchObject([{ disable_count: 1 }])
    expect(service.mailbox.mails()).toHaveLength(1)
  })

  it('cannot be approved twice', async () => {
    const { id } = await waiting()

    const both = await Promise.allSettled([
      approve(service.db, service.deps, id, 'token:ann'),
      approve(service.db, service.deps, id, 'token:bob'),
    ])
    await service.drain()

    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(service.requests).toHaveLength(1)
  })

  it('cannot be approved by who asked for it', async () => {
    const { id } = await waiting()
    await service.db.updateTable('response').set({ requestedBy: 'token:ann' }).execute()

    const attempt = approve(service.db, service.deps, id, 'token:ann')

    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' })
    expect(await service.deliveries()).toEqual([])
  })

  it('is not approved past the kill switch or an unproven endpoint', async () => {
    const { id, issuer } = await waiting()
    await setKillSwitch(service.db, true, 'test', 'halt')
    await expect(approve(service.db, service.deps, id, 'token:ann')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('kill switch'),
    })
    await setKillSwitch(service.db, false, 'test', 'go')
    await updateIssuer(service.db, issuer.id, { endpoint: 'https://elsewhere.example/' }, 'test')
    await expect(approve(service.db, service.deps, id, 'token:ann')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('not proven'),
    })
    expect(await service.responses()).toMatchObject([{ state: 'awaiting_approval' }])
  })

  it('that has failed is not approved once more', async () => {
    const { id } = await waiting()
    service.issuer.setFault('refuse')
    await approve(service.db, service.deps, id, 'token:ann')
    await service.drain()
    expect(await service.responses()).toMatchObject([{ state: 'failed' }])

    const attempt = approve(service.db, service.deps, id, 'token:bob')

    await expect(attempt).rejects.toMatchObject({ code: 'conflict' })
    expect(await service.responses()).toMatchObject([{ state: 'failed', decidedBy: 'token:ann' }])
  })

  it('that is rejected never goes out', async () => {
    const { id } = await waiting()

    await reject(service.db, id, 'token:ann', 'a test account')
    await service.drain()

    expect(await service.responses()).toMatchObject([{ state: 'rejected', decidedBy: 'token:ann' }])
    await expect(approve(service.db, service.deps, id, 'token:bob')).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(service.requests).toEqual([])
  })

  it('must exist', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000'
    await expect(approve(service.db, service.deps, nobody, 'x')).rejects.toMatchObject({ code: 'not_found' })
    await expect(reject(service.db, nobody, 'x')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('an endpoint', () => {
  it('is proven by answering a delivery of a made-up token of its own type', async () => {
    const issuer = await service.addIssuer({ types: { 'github-pat-classic': 'their_type' } }, false)

    const proof = await proveEndpoint(service.db, service.deps, issuer.id, 'token:ann')

    expect(proof).toMatchObject({ proven: true, status: 200, outcome: 'delivered' })
    expect((await getIssuer(service.db, issuer.id))?.provenAt).not.toBeNull()
    const [match] = parseMatches(service.requests[0]?.body ?? Buffer.alloc(0))
    expect(match).toMatchObject({ type: 'their_type', url: '', source: 'unknown' })
    expect(match?.token).toMatch(/^ghp_[A-Za-z0-9]{36}$/)
    expect(service.requests[0]?.headers['webhook-id']).toBe(proof.deliveryId)
    expect(await service.deliveries()).toMatchObject([{ kind: 'test', state: 'delivered' }])
  })

  it('of a detector that is not ours is tested with a value that says so', async () => {
    const issuer = await service.addIssuer({}, false)

    await proveEndpoint(service.db, service.deps, issuer.id)

    const [match] = parseMatches(service.requests[0]?.body ?? Buffer.alloc(0))
    expect(match?.token).toMatch(/^keyrecall-test-/)
  })

  it.each(['down', 'refuse', 'slow'] as const)('that is %s stays unproven', async (fault) => {
    const issuer = await service.addIssuer({}, false)
    service.issuer.setFault(fault)

    const proof = await proveEndpoint(service.db, service.deps, issuer.id)

    expect(proof.proven).toBe(false)
    expect((await getIssuer(service.db, issuer.id))?.provenAt).toBeNull()
  })

  it('has to be there, and is left alone while the kill switch is on', async () => {
    const issuer = await service.addIssuer({ endpoint: null }, false)
    const prove = () => proveEndpoint(service.db, service.deps, issuer.id)
    await expect(prove()).rejects.toMatchObject({ code: 'conflict' })

    await updateIssuer(service.db, issuer.id, { endpoint: service.issuer.endpoint }, 'test')
    await setKillSwitch(service.db, true, 'test', 'halt')
    await expect(prove()).rejects.toMatchObject({ code: 'conflict' })
    expect(service.requests).toEqual([])
  })

  it('is not proven by an answer under a certificate authority that was changed meanwhile', async () => {
    const issuer = await service.addIssuer({}, false)
    const outbound = {
      async request() {
        await updateIssuer(service.db, issuer.id, { certificateAuthority: 'another' }, 'test')
        return { status: 204, headers: {}, body: Buffer.alloc(0), truncated: false }
      },
    }

    const proof = await proveEndpoint(service.db, { ...service.deps, outbound }, issuer.id)

    expect(proof.proven).toBe(false)
    expect((await getIssuer(service.db, issuer.id))?.provenAt).toBeNull()
  })

  it('on a forbidden address is refused without a connection', async () => {
    const issuer = await service.addIssuer(
      { endpoint: 'https://169.254.169.254/', certificateAuthority: null },
      false,
    )

    const proof = await proveEndpoint(service.db, service.deps, issuer.id)

    expect(proof).toMatchObject({ proven: false, status: null, outcome: 'blocked' })
  })
})
