/** The demo's issuer and mailbox as real peers: over TLS and SMTP. */
import { createTransport } from 'nodemailer'
import { request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutbound } from '../../../src/base/outbound.ts'
import { makeCertificate } from '../../../src/demo/issuer/certificate.ts'
import { encodeBody } from '../../../src/respond/revoke/body.ts'
import { sha256Hex } from '../../../src/respond/revoke/outcome.ts'
import { sendSigned } from '../../../src/respond/revoke/send.ts'
import { makeSigningKeys } from '../../respond/signing.ts'
import { startIssuer } from '../../support/issuer.ts'
import { startMailbox } from '../../support/mailbox.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const token = ['acme', 'made', 'up'].join('_')

async function start() {
  const { keys, listing } = makeSigningKeys()
  const mailbox = await startMailbox()
  closers.push(() => mailbox.close())
  const issuer = await startIssuer({ keys: listing, smtpUrl: mailbox.url })
  closers.push(() => issuer.close())
  const outbound = createOutbound({ allowPrivateHosts: [issuer.host] })
  closers.push(() => outbound.close())
  const { certificateAuthority } = issuer
  const post = (url: string, id: string, body: Buffer, signingKeys = keys) =>
    sendSigned(
      { outbound, signingKeys, now: Date.now },
      { url, headerPrefix: 'Github', certificateAuthority },
      id,
      body,
    )
  return { mailbox, issuer, post }
}

describe('the issuer', () => {
  it('disables a token once, mails its holder once, and says the same twice', async () => {
    const { mailbox, issuer, post } = await start()
    issuer.register(token, 'holder@example.com')
    const body = encodeBody('github', [{ source: 'commit', token, type: 'acme_key', url: '' }])

    const first = await post(issuer.endpoint, 'one', body)
    const again = await post(issuer.endpoint, 'one', body)
    const other = await post(issuer.endpoint, 'two', body)
    const question = Buffer.from(JSON.stringify({ token_hashes: [sha256Hex(token)] }))
    const status = await post(issuer.statusEndpoint, 'three', question)
    await expect.poll(() => mailbox.mails().length).toBe(1)

    expect(first.body.toString()).toContain('"label":"true_positive"')
    expect(again.body.equals(first.body) && other.body.equals(first.body)).toBe(true)
    expect(JSON.parse(status.body.toString())).toEqual({
      statuses: [{ token_hash: sha256Hex(token), active: false }],
    })
    expect(issuer.records()).toEqual([
      {
        token_sha256: sha256Hex(token),
        account: 'holder@example.com',
        disabled_at: expect.stringMatching(/Z$/),
        disable_count: 1,
        deliveries: ['one', 'two'],
      },
    ])
    const [mail] = mailbox.mails()
    expect(mail?.envelope.to).toEqual(['holder@example.com'])
    expect(mail?.source).not.toContain(token)
  })

  it('touches nothing for a stranger, and calls a token that is not its own a false positive', async () => {
    const { issuer, post } = await start()
    issuer.register(token, 'holder@example.com')
    const body = encodeBody('github', [{ source: 'commit', token, type: 'acme_key', url: '' }])

    const stranger = await post(issuer.endpoint, 'one', body, makeSigningKeys().keys)
    const unknown = await post(
      issuer.endpoint,
      'two',
      encodeBody('github', [{ source: 'commit', token: 'nobody', type: 'acme_key', url: '' }]),
    )

    expect(stranger.status).toBe(401)
    expect(unknown.body.toString()).toContain('false_positive')
    expect(issuer.records()[0]).toMatchObject({ disable_count: 0, deliveries: [] })
  })

  it('that ignores a delivery leaves the token working', async () => {
    const { issuer, post } = await start()
    issuer.register(token, 'holder@example.com')
    issuer.setFault('idle-202')
    const body = encodeBody('github', [{ source: 'commit', token, type: 'acme_key', url: '' }])

    const answer = await post(issuer.endpoint, 'one', body)

    expect(answer).toMatchObject({ status: 202, outcome: 'delivered' })
    expect(issuer.records()[0]).toMatchObject({ disabled_at: null, deliveries: ['one'] })
  })

  it('is not reached without its own CA', async () => {
    const { issuer } = await start()
    await expect(request(issuer.endpoint, { method: 'POST' })).rejects.toThrow(/certificate/)
  })
})

describe('the mailbox', () => {
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Grüße', text: 'Zeile\n.\nEnde\n' }

  it('keeps envelope, headers and text', async () => {
    const mailbox = await startMailbox()
    closers.push(() => mailbox.close())
    const transport = createTransport(mailbox.url)

    await transport.sendMail({ ...mail, headers: { 'Auto-Submitted': 'auto-generated' } })
    transport.close()

    expect(mailbox.mails()).toMatchObject([
      {
        envelope: { from: 'a@example.com', to: ['b@example.com'] },
        subject: 'Grüße',
        text: 'Zeile\n.\nEnde\n',
        headers: { 'auto-submitted': 'auto-generated' },
      },
    ])
  })

  it.each([
    ['reject', 550, 0],
    ['tempfail', 451, 0],
    ['drop', 421, 1],
  ] as const)('that is told to %s answers %i and keeps %i mails', async (fault, responseCode, kept) => {
    const mailbox = await startMailbox()
    closers.push(() => mailbox.close())
    mailbox.setFault(fault)
    const transport = createTransport(mailbox.url)

    await expect(transport.sendMail(mail)).rejects.toMatchObject({ responseCode })
    transport.close()

    expect(mailbox.mails()).toHaveLength(kept)
  })

  it('speaks STARTTLS with the certificate it is given', async () => {
    const tls = await makeCertificate()
    const mailbox = await startMailbox({ tls })
    closers.push(() => mailbox.close())
    const port = Number(new URL(mailbox.url).port)
    const transport = createTransport({
      host: 'localhost',
      port,
      requireTLS: true,
      tls: { ca: tls.certificateAuthority },
    })

    await transport.sendMail(mail)
    transport.close()

    expect(mailbox.mails()).toHaveLength(1)
  })
})
