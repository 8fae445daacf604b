/**
 * What goes over the wire, captured at a real TLS server: verified as GitHub's partner documentation shows it in
 * JavaScript, by the issuer kit, and by the Standard Webhooks library.
 */
import { createHmac, createPublicKey, createVerify, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutbound } from '../../../src/base/outbound.ts'
import type { PublicKeys } from '../../../src/issuer-kit/index.ts'
import { encodeBody } from '../../../src/respond/revoke/body.ts'
import { parseFeedback, sha256Hex } from '../../../src/respond/revoke/outcome.ts'
import { sendSigned } from '../../../src/respond/revoke/send.ts'
import { type CapturedRequest, startIssuer } from '../../support/issuer.ts'
import { makeSigningKeys } from '../signing.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const token = ['acme', 'made', 'up'].join('_')
const body = encodeBody('github', [{ source: 'commit', token, type: 'acme_key', url: '' }])

async function start(limits: { totalTimeout?: number; headersTimeout?: number } = {}) {
  const { keys, listing } = makeSigningKeys()
  const captured: CapturedRequest[] = []
  const issuer = await startIssuer({ keys: listing, onRequest: (request) => captured.push(request) })
  closers.push(() => issuer.close())
  const outbound = createOutbound({ allowPrivateHosts: [issuer.host], ...limits })
  closers.push(() => outbound.close())
  issuer.register(token, 'holder@example.com')
  const receiver = {
    url: issuer.endpoint,
    headerPrefix: 'Github',
    certificateAuthority: issuer.certificateAuthority,
  }
  const deps = { outbound, signingKeys: keys, now: Date.now }
  const id = '6d1f0c0e-0000-4000-8000-000000000001'
  return { issuer, captured, keys, listing, send: () => sendSigned(deps, receiver, id, body) }
}

/** The sample verification of GitHub's secret scanning partner program, JavaScript, with the listing at hand. */
function verifyAsPublished(
  payload: Buffer,
  headers: CapturedRequest['headers'],
  listing: PublicKeys,
): boolean {
  const signature = headers['github-public-key-signature'] as string
  const keyID = headers['github-public-key-identifier'] as string
  const publicKey = listing.public_keys.find((k) => k.key_identifier === keyID)
  if (publicKey === undefined) throw new Error('No public key found matching key identifier')
  const verify = createVerify('SHA256').update(payload)
  return verify.verify(publicKey.key, Buffer.from(signature, 'base64'))
}

describe('a delivery', () => {
  it("verifies with GitHub's published sample and carries exactly its headers beside Standard Webhooks", async () => {
    const { captured, listing, send } = await start()

    await send()

    const [request] = captured as [CapturedRequest]
    expect(request.body.equals(body)).toBe(true)
    expect(verifyAsPublished(request.body, request.headers, listing)).toBe(true)
    expect(verifyAsPublished(Buffer.from('[]'), request.headers, listing)).toBe(false)
    expect(request.headers['content-type']).toBe('application/json')
    expect(Object.keys(request.headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'github-public-key-identifier',
      'github-public-key-signature',
      'host',
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
    ])
  })

  it('is sent again with the same id and bytes under a new signature', async () => {
    const { issuer, captured, send } = await start()

    await send()
    const second = await send()

    const [a, b] = captured as [CapturedRequest, CapturedRequest]
    expect(a.headers['webhook-id']).toBe(b.headers['webhook-id'])
    expect(a.body.equals(b.body)).toBe(true)
    expect(a.headers['github-public-key-signature']).not.toBe(b.headers['github-public-key-signature'])
    expect(parseFeedback(second.body, [sha256Hex(token)]).get(sha256Hex(token))).toBe('true_positive')
    expect(issuer.records()).toMatchObject([{ disable_count: 1, deliveries: [a.headers['webhook-id']] }])
  })

  it('signs the text that the Standard Webhooks library signs', async () => {
    const { captured, keys, send } = await start()
    await send()
    const { headers } = (captured as [CapturedRequest])[0]
    const secret = Buffer.alloc(32, 7)
    const id = String(headers['webhook-id'])
    const seconds = String(headers['webhook-timestamp'])
    const signature = String(headers['webhook-signature'])
    const text = Buffer.from(`${id}.${seconds}.${body.toString()}`)

    const hmac = createHmac('sha256', secret).update(text).digest('base64')
    const v1 = new Webhook(secret.toString('base64')).sign(
      id,
      new Date(Number(seconds) * 1000),
      body.toString(),
    )

    expect(v1).toBe(`v1,${hmac}`)
    expect(signature).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/)
    const publicKey = createPublicKey(keys.webhook.privateKey)
    expect(verify(null, text, publicKey, Buffer.from(signature.slice(4), 'base64'))).toBe(true)
  })

  it.each([
    ['down', 'busy', 503],
    ['refuse', 'refused', 422],
    ['gone', 'gone', 410],
    ['bare-202', 'delivered', 202],
  ] as const)('to an issuer that is %s comes back as %s', async (fault, outcome, status) => {
    const { issuer, send } = await start()
    issuer.setFault(fault)

    expect(await send()).toMatchObject({ outcome, status })
  })

  it('to an issuer that never answers comes back as timeout', async () => {
    const { issuer, send } = await start({ headersTimeout: 200 })
    issuer.setFault('slow')

    expect(await send()).toMatchObject({ outcome: 'timeout', status: null })
  })

  it('to an issuer that is gone comes back as unreachable, to a forbidden address as blocked', async () => {
    const { issuer, send } = await start()
    await issuer.close()
    closers.shift()
    expect(await send()).toMatchObject({ outcome: 'unreachable', status: null })

    const outbound = createOutbound({ allowPrivateHosts: [] })
    closers.push(() => outbound.close())
    const { keys } = makeSigningKeys()
    const receiver = { url: 'https://localhost:1/', headerPrefix: 'Github', certificateAuthority: null }
    const result = await sendSigned({ outbound, signingKeys: keys, now: Date.now }, receiver, 'id', body)
    expect(result.outcome).toBe('blocked')
  })
})
