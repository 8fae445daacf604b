/** Mails and mail servers: one Message-ID whatever happens, retries, refusals, and no mail past the kill switch. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collectNotices } from '../../../src/respond/notify/collect.ts'
import { createMailer } from '../../../src/respond/notify/mailer.ts'
import { notifyFinding } from '../../../src/respond/notify/notify.ts'
import { sendMail } from '../../../src/respond/notify/send.ts'
import { claimMail } from '../../../src/store/mails.ts'
import { lockCollecting } from '../../../src/store/notices.ts'
import { setKillSwitch } from '../../../src/store/settings.ts'
import { startMailbox } from '../../support/mailbox.ts'
import { makeToken, type Service, startService } from '../service.ts'

let service: Service
beforeEach(async () => {
  service = await startService()
  await service.addIssuer()
})
afterEach(() => service.close())

async function leakOne(name = 'one'): Promise<void> {
  const token = makeToken(name)
  service.issuer.register(token, 'holder@example.com')
  await service.leak({ token })
}

const mails = () => service.db.selectFrom('mail').selectAll().orderBy('createdAt').execute()

describe('a mail', () => {
  it('has the headers of an automatic mail and the Message-ID of its row', async () => {
    await leakOne()
    await service.drain()

    const [mail] = service.mailbox.mails()
    const [row] = await mails()
    expect(row).toMatchObject({ state: 'sent', attempts: 1, messageId: mail?.messageId })
    expect(mail?.headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      from: 'keyrecall <keyrecall@acme.example>',
      to: 'dana@acme.example',
    })
    expect(mail?.headers['x-mailer']).toBeUndefined()
    expect(mail?.envelope.from).toBe('keyrecall@acme.example')
    expect(mail?.messageId).toMatch(/^<[0-9a-f-]{36}@acme\.example>$/)
  })

  it('that was taken but not acknowledged comes again under the same Message-ID', async () => {
    service.mailbox.setFault('drop')
    service.deps.deliveryDelays = [0, 0.5, 0.5, 0.5, 0.5, 0.5]
    await leakOne()
    const job = service.drain()
    await expect.poll(() => service.mailbox.mails().length).toBe(1)
    service.mailbox.setFault('none')
    await job

    const ids = service.mailbox.mails().map((mail) => mail.messageId)
    expect(ids.length).toBeGreaterThan(1)
    expect(new Set(ids).size).toBe(1)
    expect(await mails()).toMatchObject([{ state: 'sent' }])
  })

  it('is tried again when the server is busy, and given up after the schedule', async () => {
    service.mailbox.setFault('tempfail')
    await leakOne()
    await service.drain()

    const [owner, team] = await mails()
    expect(owner).toMatchObject({ state: 'dead', attempts: 3, lastError: 'smtp_451' })
    expect(team).toMatchObject({ address: 'security@acme.example', state: 'dead' })
  })

  it('to an address that is refused goes to the security team instead', async () => {
    service.mailbox.setFault('reject')
    await leakOne()
    const job = service.drain()
    await expect.poll(async () => (await mails())[0]?.state).toBe('dead')
    service.mailbox.setFault('none')
    await job

    const rows = await mails()
    expect(rows[0]).toMatchObject({ address: 'dana@acme.example', attempts: 1, lastError: 'smtp_550' })
    expect(rows[1]?.address).toBe('security@acme.example')
  })

  it('is sent by one of two jobs', async () => {
    await leakOne()
    await service.drain()
    const mailId = (await mails())[0]?.id ?? ''
    await service.db.updateTable('mail').set({ state: 'pending', sentAt: null }).execute()

    await Promise.all(Array.from({ length: 5 }, () => sendMail(service.db, service.deps, mailId)))

    expect(service.mailbox.mails()).toHaveLength(2)
  })

  it('is in one hand as long as the server takes, however short the lease', async () => {
    await leakOne()
    await service.drain()
    const mailId = (await mails())[0]?.id ?? ''
    await service.db.updateTable('mail').set({ state: 'pending', sentAt: null }).execute()
    let sent = 0
    const mailer = {
      domain: 'acme.example',
      close: () => undefined,
      async send() {
        sent += 1
        await sleep(700)
      },
    }
    const deps = { ...service.deps, mailer, lease: 300 }

    const first = sendMail(service.db, deps, mailId)
    await sleep(500)
    await sendMail(service.db, deps, mailId)
    await first

    expect(sent).toBe(1)
  })

  it("in another worker's hands stays there when the kill switch is thrown", async () => {
    await leakOne()
    await service.drain()
    const mailId = (await mails())[0]?.id ?? ''
    await service.db.updateTable('mail').set({ state: 'pending', sentAt: null }).execute()
    const held = await claimMail(service.db, mailId, 60_000)
    await setKillSwitch(service.db, true, 'test', 'halt')

    await sendMail(service.db, service.deps, mailId)

    expect((await mails())[0]?.claimedUntil).toEqual(held?.claimedUntil)
  })

  it('waits while the kill switch is on', async () => {
    await leakOne()
    await service.drain()
    const [row] = await mails()
    await service.db.updateTable('mail').set({ state: 'pending', sentAt: null }).execute()
    await setKillSwitch(service.db, true, 'test', 'halt')

    await sendMail(service.db, service.deps, row?.id ?? '')

    expect(service.mailbox.mails()).toHaveLength(1)
    expect(await mails()).toMatchObject([{ state: 'pending', lastError: 'kill_switch' }])
  })
})

describe('notices', () => {
  it('wait for the scan to end, unless they have waited too long', async () => {
    await leakOne()
    await service.db.updateTable('scan').set({ state: 'running' }).execute()
    await service.drain()
    expect(await mails()).toEqual([])

    const impatient = { ...service.deps, noticeMaxWait: 0 }
    const { id } = await service.db.selectFrom('finding').select('id').executeTakeFirstOrThrow()
    await notifyFinding(service.db, impatient, id)
    await collectNotices(service.db, impatient)
    expect(await mails()).toHaveLength(1)
  })

  it('wait where there is no mail server', async () => {
    await leakOne()
    service.deps.mailer = null
    await service.drain()

    expect(await service.db.selectFrom('notice').selectAll().execute()).toHaveLength(1)
    expect(await mails()).toEqual([])
  })

  it('of one owner are never split by two collectors', async () => {
    const tokens = Array.from({ length: 12 }, (_, n) => makeToken(`many${n}`))
    for (const token of tokens) service.issuer.register(token, 'holder@example.com')
    const { mailer } = service.deps
    service.deps.mailer = null
    await service.leak(...tokens.map((token) => ({ token })))
    await service.drain()
    service.deps.mailer = mailer

    await Promise.all(Array.from({ length: 6 }, () => collectNotices(service.db, service.deps)))

    expect(await mails()).toMatchObject([{ kind: 'digest' }])
  })

  it('are collected by one at a time', async () => {
    await leakOne()
    const { mailer } = service.deps
    service.deps.mailer = null
    await service.drain()
    service.deps.mailer = mailer
    const waiting = async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted`.execute(
        service.db,
      )
      return rows[0]?.count
    }

    const second = await service.db.transaction().execute(async (tx) => {
      await lockCollecting(tx)
      const job = collectNotices(service.db, service.deps)
      await expect.poll(waiting).toBe(1)
      expect(await mails()).toEqual([])
      return { job }
    })
    await second.job

    expect(await mails()).toHaveLength(1)
  })
})

it('a header cannot be injected through any part of a mail', async () => {
  const mailbox = await startMailbox()
  const mailer = createMailer({ smtpUrl: mailbox.url, from: 'a@acme.example' })

  await mailer
    .send({
      to: 'b@acme.example',
      messageId: '<1@acme.example>',
      subject: 'x\r\nBcc: victim@elsewhere.example',
      text: 'x\r\n.\r\nRCPT TO:<victim@elsewhere.example>',
    })
    .finally(() => mailer.close())

  const [mail] = mailbox.mails()
  await mailbox.close()
  expect(mail?.envelope.to).toEqual(['b@acme.example'])
  expect(mail?.headers['bcc']).toBeUndefined()
})
