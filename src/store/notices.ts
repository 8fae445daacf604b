/**
 * Who is to be told of which finding: once a day at most for each finding and address. Notices wait until the scan
 * that met the finding has ended and its revocations are through, so that one owner gets one mail and not six.
 */
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Db, Tx } from './database.ts'
import type { Tables } from './tables.ts'

export type NoticeRow = Selectable<Tables['notice']>

export interface NewNotice {
  findingId: string
  /** Lower case. */
  address: string
  /** `directory`, `commit_author`, `bucket_tag` or `security_team`. */
  chosenBy: string
}

/** Adds those not there today; gives their number. */
export async function insertNotices(tx: Db | Tx, notices: readonly NewNotice[]): Promise<number> {
  if (notices.length === 0) return 0
  const rows = await tx
    .insertInto('notice')
    .values([...notices])
    .onConflict((conflict) => conflict.constraint('notice_daily').doNothing())
    .returning('id')
    .execute()
  return rows.length
}

export interface ReadyNotice {
  id: string
  findingId: string
  address: string
  createdAt: Date
}

/**
 * Open notices that wait for nothing any more, locked until the transaction ends; of two collectors at once, each
 * gets what the other has not. Ready: the finding's first scan has ended and no finding of that scan is waited for; or
 * the notice has waited `maxWaitSeconds`.
 */
export async function readyNotices(tx: Tx, maxWaitSeconds: number): Promise<ReadyNotice[]> {
  return tx
    .selectFrom('notice')
    .innerJoin('finding', 'finding.id', 'notice.findingId')
    .leftJoin('scan', 'scan.id', 'finding.firstScanId')
    .select(['notice.id', 'notice.findingId', 'notice.address', 'notice.createdAt'])
    .where('notice.mailId', 'is', null)
    .where((eb) =>
      eb.or([
        eb('notice.createdAt', '<', sql<Date>`now() - make_interval(secs => ${maxWaitSeconds})`),
        eb.and([
          eb.or([eb('scan.id', 'is', null), eb('scan.state', '!=', 'running')]),
          sql<boolean>`not exists (${openFindings(sql`finding.first_scan_id`)})`,
        ]),
      ]),
    )
    .orderBy('notice.address')
    .orderBy('notice.createdAt')
    .orderBy('notice.id')
    .forUpdate('notice')
    .skipLocked()
    .execute()
}

const collectLock = 7_205_004

/** Makes collectors take turns until they commit: two at once could each take half of one owner's digest. */
export async function lockCollecting(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${collectLock})`.execute(tx)
}

/** Whether nothing more is to be waited for from the findings this scan met first. */
export async function isScanSettled(tx: Tx, scanId: string): Promise<boolean> {
  const open = await sql`${openFindings(sql`${scanId}::uuid`)} limit 1`.execute(tx)
  return open.rows.length === 0
}

/**
 * Findings of a scan that others wait for: not planned yet, on their way to the issuer, or through and their owners not
 * chosen yet. A cancelled response tells nobody anything.
 */
function openFindings(scanId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select from finding as sibling
    left join response on response.finding_id = sibling.id and (response.state in ('planned', 'executing')
      or (response.noticed_at is null and response.outcome is distinct from 'cancelled'
        and (response.state in ('confirmed', 'failed')
          or (response.state = 'submitted' and response.next_confirm_at is null))))
    where sibling.first_scan_id = ${scanId} and (response.id is not null or sibling.planned_at is null)`
}

/** Ties notices to the mail that carries them. */
export async function takeUp(tx: Tx, noticeIds: readonly string[], mailId: string): Promise<void> {
  await tx
    .updateTable('notice')
    .set({ mailId })
    .where('id', 'in', [...noticeIds])
    .where('mailId', 'is', null)
    .execute()
}

export async function noticesOfMail(db: Db | Tx, mailId: string): Promise<NoticeRow[]> {
  return db
    .selectFrom('notice')
    .selectAll()
    .where('mailId', '=', mailId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}
