/**
 * Sends one mail. At least once, with one Message-ID: only a crash between the server's 250 and our commit repeats it,
 * under the same id. What a server refuses for good is given up, and the security team is told instead.
 */
import { crashPoint } from '../../base/crash-point.ts'
import { appendAudit } from '../../store/audit.ts'
import { type Db, transact } from '../../store/database.ts'
import { getFinding } from '../../store/findings.ts'
import { claimMail, type MailRow, mailFailed, mailSent, postponeMail, renewMail } from '../../store/mails.ts'
import { insertNotices, noticesOfMail } from '../../store/notices.ts'
import { enqueue } from '../../store/outbox.ts'
import { placesOf } from '../../store/places.ts'
import { responsesOf } from '../../store/responses.ts'
import { killSwitch } from '../../store/settings.ts'
import { defaultLease, holdMilliseconds, type RespondDeps } from '../deps.ts'
import { holdClaim } from '../hold-claim.ts'
import { nextDelay } from '../revoke/outcome.ts'
import { parseAddress } from './address.ts'
import { composeMail, type MailItem } from './compose.ts'
import { MailError, type OutgoingMail } from './mailer.ts'

type SendDeps = Pick<
  RespondDeps,
  'mailer' | 'log' | 'metrics' | 'owners' | 'deliveryDelays' | 'lease' | 'now' | 'random'
>

/** Does nothing when the mail is done, not due or in another worker's hands. */
export async function sendMail(db: Db, deps: SendDeps, mailId: string): Promise<void> {
  const { mailer } = deps
  if (mailer === null || (await killSwitch(db))) {
    const reason = mailer === null ? 'no_mail_server' : 'kill_switch'
    return await postponeMail(db, mailId, reason, new Date(deps.now() + holdMilliseconds))
  }
  const lease = deps.lease ?? defaultLease
  const mail = await claimMail(db, mailId, lease)
  if (mail === null) return
  const items = await readItems(db, mail.id)
  if (items.length === 0) return await mailFailed(db, mail.id, { error: 'nothing_to_tell', retryAt: null })
  const { subject, text } = composeMail(items)
  crashPoint('before-smtp')
  const outgoing = { to: mail.address, messageId: mail.messageId, subject, text }
  const error = await holdClaim(
    () => renewMail(db, mail.id, lease),
    lease,
    () => trySend(mailer, outgoing),
  )
  if (error !== null) return await giveBack(db, deps, mail, error)
  crashPoint('after-smtp')
  await transact(db, async (tx) => {
    if (!(await mailSent(tx, mail.id))) return
    await appendAudit(tx, {
      actor: 'service',
      action: 'mail.sent',
      subjectType: 'mail',
      subjectId: mail.id,
      detail: { kind: mail.kind },
    })
  })
  deps.metrics.mails.inc({ outcome: 'sent' })
  deps.log.info({ mailId: mail.id, kind: mail.kind }, 'mail sent')
}

async function trySend(
  mailer: NonNullable<SendDeps['mailer']>,
  mail: OutgoingMail,
): Promise<MailError | null> {
  try {
    await mailer.send(mail)
    return null
  } catch (error) {
    if (error instanceof MailError) return error
    throw error
  }
}

async function readItems(db: Db, mailId: string): Promise<MailItem[]> {
  const items: MailItem[] = []
  for (const notice of await noticesOfMail(db, mailId)) {
    const finding = await getFinding(db, notice.findingId)
    if (finding === null) continue
    const [response] = await responsesOf(db, finding.id)
    const places = await placesOf(db, finding.id)
    items.push({
      ...finding,
      places: places.map((place) => place.details),
      response: response?.state ?? null,
      respondedAt: response === undefined ? null : (response.completedAt ?? response.updatedAt),
    })
  }
  return items
}

async function giveBack(db: Db, deps: SendDeps, mail: MailRow, error: MailError): Promise<void> {
  const wait = error.permanent ? null : nextDelay(mail.attempts, deps.deliveryDelays, deps.random(), null)
  const retryAt = wait === null ? null : new Date(deps.now() + wait)
  await transact(db, async (tx) => {
    await mailFailed(tx, mail.id, { error: error.code, retryAt })
    if (retryAt !== null) return
    const team = deps.owners.securityTeam === null ? null : parseAddress(deps.owners.securityTeam)
    const address = team?.toLowerCase() ?? null
    if (address !== null && address !== mail.address.toLowerCase()) {
      const notices = await noticesOfMail(tx, mail.id)
      const instead = notices.map(({ findingId }) => ({ findingId, address, chosenBy: 'security_team' }))
      await insertNotices(tx, instead)
      await enqueue(tx, 'collect-notices', {})
    }
    await appendAudit(tx, {
      actor: 'service',
      action: 'mail.dead',
      subjectType: 'mail',
      subjectId: mail.id,
      detail: { error: error.code, attempts: mail.attempts },
    })
  })
  const outcome = retryAt === null ? 'dead' : 'retry'
  deps.metrics.mails.inc({ outcome })
  deps.log.warn({ mailId: mail.id, outcome, error: error.code }, 'mail not accepted')
}
