/**
 * Turns notices that wait for nothing any more into mails: one for each finding, or for an owner with more than five
 * one digest. Collectors take turns, or two could split one owner's digest between them.
 */
import { randomUUID } from 'node:crypto'
import { crashPoint } from '../../base/crash-point.ts'
import { appendAudit } from '../../store/audit.ts'
import { type Db, type Tx, transact } from '../../store/database.ts'
import type { FindingRow } from '../../store/findings.ts'
import { createMail } from '../../store/mails.ts'
import { isScanSettled, lockCollecting, type ReadyNotice, readyNotices, takeUp } from '../../store/notices.ts'
import { enqueue } from '../../store/outbox.ts'
import type { RespondDeps } from '../deps.ts'

/** More than this many at once for one owner make a digest. */
const singleMails = 5

/** Without a mail server the notices stay as they are. */
export async function collectNotices(
  db: Db,
  deps: Pick<RespondDeps, 'mailer' | 'noticeMaxWait'>,
): Promise<void> {
  const { mailer } = deps
  if (mailer === null) return
  await transact(db, async (tx) => {
    await lockCollecting(tx)
    const ready = await readyNotices(tx, deps.noticeMaxWait)
    for (const [address, notices] of byAddress(ready)) {
      const batches = notices.length > singleMails ? [notices] : notices.map((notice) => [notice])
      for (const batch of batches) await makeMail(tx, mailer.domain, address, batch)
    }
  })
  crashPoint('after-collect')
}

function byAddress(notices: readonly ReadyNotice[]): Map<string, ReadyNotice[]> {
  const groups = new Map<string, ReadyNotice[]>()
  for (const notice of notices) {
    const group = groups.get(notice.address)
    if (group === undefined) groups.set(notice.address, [notice])
    else group.push(notice)
  }
  return groups
}

async function makeMail(
  tx: Tx,
  domain: string,
  address: string,
  notices: readonly ReadyNotice[],
): Promise<void> {
  const kind = notices.length > 1 ? 'digest' : 'single'
  const mail = await createMail(tx, { address, kind, messageId: `<${randomUUID()}@${domain}>` })
  const ids = notices.map((notice) => notice.id)
  await takeUp(tx, ids, mail.id)
  await appendAudit(tx, {
    actor: 'service',
    action: 'mail.created',
    subjectType: 'mail',
    subjectId: mail.id,
    detail: { kind, findings: notices.map((notice) => notice.findingId) },
  })
}

/**
 * Wakes the collector when this was the last finding of its scan that others waited for. Call it after the audit event
 * of the change: from there transactions take turns, so the last one sees that it is the last.
 */
export async function collectWhenSettled(tx: Tx, finding: Pick<FindingRow, 'firstScanId'>): Promise<void> {
  if (finding.firstScanId !== null && !(await isScanSettled(tx, finding.firstScanId))) return
  await enqueue(tx, 'collect-notices', {})
}
