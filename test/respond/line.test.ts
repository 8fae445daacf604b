/** From finding to disabled and told, on a real database, issuer and mail server. */
import { createVerify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planResponse } from '../../src/respond/plan.ts'
import { publicKeyListing } from '../../src/respond/revoke/keys.ts'
import { listAudit, verifyAudit } from '../../src/store/audit.ts'
import { setKillSwitch } from '../../src/store/settings.ts'
import { makeToken, type Service, startService, type } from './service.ts'

let service: Service
beforeEach(async () => {
  service = await startService()
})
afterEach(() => service.close())

const token = makeToken('one')

describe('a finding of an issuer in mode auto', () => {
  it('is reported, disabled, confirmed and told once, and nothing of it is kept', async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')

    const [id] = await service.leak({ token })
    await service.drain()

    const [delivery] = await service.deliveries()
    expect(service.issuer.records()).toMatchObject([{ disable_count: 1, deliveries: [delivery?.id] }])
    expect(await service.responses()).toMatchObject([{ state: 'confirmed', outcome: 'true_positive' }])
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, lastStatus: 200, sealedBody: null })
    expect(await service.finding(id)).toMatchObject({ validity: 'inactive', sealedSecret: null })
    expect(service.mailbox.mails()).toMatchObject([
      { envelope: { to: ['dana@acme.example'] }, subject: 'Leaked credential: Acme API key (acme…)' },
    ])
    expect(service.mailbox.mails()[0]?.text).toContain('Acme was told and disabled it')
    expect(await verifyAudit(service.db)).toMatchObject({ ok: true })
  })

  it("is sent with keys of the listing, as GitHub's sample verifies them", async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')
    await service.leak({ token, places: [{ url: 'https://github.example/acme/web/blob/c/src/config.ts' }] })
    await service.drain()

    const [request] = service.requests
    const listing = await publicKeyListing(service.db, service.deps.keys)
    const id = request?.headers['github-public-key-identifier']
    const key = listing.public_keys.find((each) => each.key_identifier === id)
    const verify = createVerify('SHA256').update(request?.body ?? '')

    expect(request?.body.toString()).toBe(
      `[{"source":"commit","token":"${token}","type":"${type}","url":"https://github.example/acme/web/blob/c/src/config.ts"}]`,
    )
    const signature = String(request?.headers['github-public-key-signature'])
    expect(verify.verify(key?.key ?? '', signature, 'base64')).toBe(true)
    expect(listing.webhook_keys).toHaveLength(1)
  })

  it('that was met first as something nobody may act upon is acted upon when more is known of it', async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')
    const vague = { detector: 'any-key', check: 'none', checkPassed: null, checkBits: 0 } as const
    const [id] = await service.leak({ token, hit: { ...vague, confidence: 'medium' } })
    await service.drain()
    expect(await service.responses()).toMatchObject([{ state: 'observed' }])

    await service.leak({ token })
    await service.drain()
    await service.leak({ token }, { token, hit: { checkBits: 40 } })
    await service.drain()

    expect((await service.responses()).map((one) => one.state)).toEqual(['observed', 'confirmed'])
    expect(service.issuer.records()).toMatchObject([{ disable_count: 1 }])
    expect(service.requests).toHaveLength(1)
    expect(await service.finding(id)).toMatchObject({ validity: 'inactive' })
  })

  it('leaves no credential in log, audit, outbox, metrics or mail', async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')
    await service.leak({ token })
    await service.drain()

    const audit = await listAudit(service.db, { limit: 1000 })
    const outbox = await service.db.selectFrom('outbox').selectAll().execute()
    const metrics = await service.deps.metrics.registry.metrics()
    const everything = JSON.stringify([service.lines, audit, outbox, metrics, service.mailbox.mails()])

    expect(service.lines.length).toBeGreaterThan(0)
    for (const form of [token, Buffer.from(token).toString('base64').slice(0, -4)]) {
      expect(everything).not.toContain(form)
    }
  })

  it('does nothing when its jobs come again', async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')
    await service.leak({ token })
    await service.drain()

    await service.db.updateTable('outbox').set({ sentAt: null, runAt: new Date() }).execute()
    await service.drain()
    await service.leak({ token })
    await service.drain()

    expect(service.requests).toHaveLength(1)
    expect(service.mailbox.mails()).toHaveLength(1)
    expect(await service.responses()).toHaveLength(1)
  })

  it('at many places is one webhook and one mail with all of them', async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')

    await service.leak({
      token,
      places: [
        {},
        { path: 'docs/old.md' },
        { type: 's3_object', path: 'a.env', bucket: 'backups', key: 'a.env', owner_hint: 'ops@acme.example' },
      ],
    })
    await service.drain()

    expect(service.requests).toHaveLength(1)
    expect(service.mailbox.mails()).toHaveLength(1)
    const text = service.mailbox.mails()[0]?.text ?? ''
    for (const place of ['src/config.ts', 'docs/old.md', 'bucket backups, key a.env']) {
      expect(text).toContain(place)
    }
  })

  it('with a forged author is told to the security team alone', async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')

    await service.leak({ token, places: [{ author_email: 'victim@elsewhere.example' }] })
    await service.drain()

    const to = service.mailbox.mails().flatMap((mail) => mail.envelope.to)
    expect(to).toEqual(['security@acme.example'])
  })

  it.each([
    [5, 5, 'single'],
    [6, 1, 'digest'],
  ] as const)('of an owner with %i leaks makes %i mails (%s)', async (leaks, mails, kind) => {
    await service.addIssuer()
    const tokens = Array.from({ length: leaks }, (_, n) => makeToken(`many${n}`))
    for (const each of tokens) service.issuer.register(each, 'holder@example.com')

    await service.leak(...tokens.map((each, n) => ({ token: each, places: [{ path: `src/${n}.ts` }] })))
    await service.drain()

    expect(service.mailbox.mails()).toHaveLength(mails)
    const rows = await service.db.selectFrom('mail').select(['kind', 'messageId']).execute()
    expect(new Set(rows.map((row) => row.kind))).toEqual(new Set([kind]))
    const sent = service.mailbox.mails().map((mail) => mail.messageId)
    expect(sent.sort()).toEqual(rows.map((row) => row.messageId).sort())
  })
})

describe('nothing leaves', () => {
  it.each([
    ['without an issuer', async () => undefined],
    ['in mode observe', () => service.addIssuer({ mode: 'observe' })],
    ['in mode dry_run', () => service.addIssuer({ mode: 'dry_run' })],
    ['in mode approve', () => service.addIssuer({ mode: 'approve' })],
    ['in the mode an issuer gets by default', () => service.addIssuer({ mode: undefined } as object)],
    ['to an endpoint that is not proven', () => service.addIssuer({}, false)],
    ['past a cap of none', () => service.addIssuer({ hourlyCap: 0 })],
  ])('%s', async (_name, prepare) => {
    await prepare()
    service.issuer.register(token, 'holder@example.com')

    await service.leak({ token })
    await service.drain()

    expect(service.requests).toEqual([])
    expect(service.mailbox.mails()).toEqual([])
    expect(await service.deliveries()).toEqual([])
    expect(await service.responses()).toMatchObject([
      { state: expect.stringMatching(/^(observed|awaiting_approval)$/) },
    ])
  })

  it.each([
    ['a canary', { label: 'canary' as const }],
    ['a test key', { label: 'test_mode' as const }],
    ['a weak check', { checkBits: 8 }],
    ['no check', { checkPassed: null, checkBits: 0 }],
  ])('for %s, whatever the mode', async (_name, hit) => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')

    await service.leak({ token, hit })
    await service.drain()

    expect(service.requests).toEqual([])
    expect(service.mailbox.mails()).toEqual([])
  })

  it('while the kill switch is on, also of what was decided before', async () => {
    await service.addIssuer()
    service.issuer.register(token, 'holder@example.com')
    await service.leak({ token })
    const { id } = await service.db.selectFrom('finding').select('id').executeTakeFirstOrThrow()
    await planResponse(service.db, service.deps, id)

    await setKillSwitch(service.db, true, 'test', 'a bad rule')
    await service.drain()

    expect(service.requests).toEqual([])
    expect(await service.deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }])

    await setKillSwitch(service.db, false, 'test', 'mended')
    await service.db.updateTable('delivery').set({ nextAttemptAt: new Date() }).execute()
    await service.db.updateTable('outbox').set({ runAt: new Date() }).where('sentAt', 'is', null).execute()
    await service.drain()
    expect(await service.responses()).toMatchObject([{ state: 'confirmed' }])
  })

  it('past the cap: what is above it waits for approval', async () => {
    await service.addIssuer({ hourlyCap: 2 })
    const tokens = [1, 2, 3, 4].map((n) => makeToken(`cap${n}`))
    for (const each of tokens) service.issuer.register(each, 'holder@example.com')

    await service.leak(...tokens.map((each) => ({ token: each })))
    await service.drain()

    const states = (await service.responses()).map((response) => response.state)
    expect(states.sort()).toEqual(['awaiting_approval', 'awaiting_approval', 'confirmed', 'confirmed'])
    expect(service.requests).toHaveLength(2)
  })

  it('past the cap, also when many are planned at the same time', async () => {
    await service.addIssuer({ hourlyCap: 2 })
    const tokens = Array.from({ length: 8 }, (_, n) => makeToken(`cap${n}`))
    const findings = await service.leak(...tokens.map((each) => ({ token: each })))

    await Promise.all(findings.map((id) => planResponse(service.db, service.deps, id)))

    const states = (await service.responses()).map((response) => response.state)
    expect(states.filter((state) => state === 'executing')).toHaveLength(2)
  })
})
