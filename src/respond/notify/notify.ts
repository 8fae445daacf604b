/**
 * Chooses who is told of a finding, once its issuer was told. Without that nobody is mailed: what only waits for a
 * decision is the security team's to look at, and leaves no trace outside.
 */
import { appendAudit } from '../../store/audit.ts'
import { type Db, transact } from '../../store/database.ts'
import { lockFinding } from '../../store/findings.ts'
import { insertNotices } from '../../store/notices.ts'
import { enqueue } from '../../store/outbox.ts'
import { placesOf } from '../../store/places.ts'
import { markNoticed, type ResponseRow, responsesOf } from '../../store/responses.ts'
import { isScanning } from '../../store/scans.ts'
import type { RespondDeps } from '../deps.ts'
import { chooseOwners } from './owner.ts'

/** Does nothing when nothing was done about the finding yet, or its owners were chosen before. */
export async function notifyFinding(
  db: Db,
  deps: Pick<RespondDeps, 'owners' | 'noticeMaxWait' | 'now'>,
  findingId: string,
): Promise<void> {
  await transact(db, async (tx) => {
    // The lock makes two jobs for one finding take turns.
    const finding = await lockFinding(tx, findingId)
    const responses = finding === null ? [] : await responsesOf(tx, findingId)
    const news = responses.filter((response) => isNews(response, deps))
    if (finding === null || news.length === 0) return
    // More places may be met, with a better owner among them; the end of the scan wakes this again.
    if (news.every((response) => isEarly(response, deps)) && (await isScanning(tx, finding.firstScanId)))
      return
    const places = await placesOf(tx, findingId)
    const owners = chooseOwners(
      places.map((place) => place.details),
      deps.owners,
    )
    const notices = owners.map(({ address, chosenBy }) => ({
      findingId,
      address: address.toLowerCase(),
      chosenBy,
    }))
    const added = await insertNotices(tx, notices)
    await markNoticed(tx, findingId)
    // Even when nothing was added: others of the scan may have waited for this one.
    await enqueue(tx, 'collect-notices', {})
    if (added > 0) {
      await enqueue(tx, 'collect-notices', {}, new Date(deps.now() + deps.noticeMaxWait * 1000 + 1000))
    }
    await appendAudit(tx, {
      actor: 'service',
      action: owners.length === 0 ? 'finding.nobody_to_tell' : 'finding.owner_chosen',
      subjectType: 'finding',
      subjectId: findingId,
      detail: { chosen_by: owners[0]?.chosenBy ?? null, owners: owners.length, notices: added },
    })
  })
}

type WaitDeps = Pick<RespondDeps, 'noticeMaxWait' | 'now'>

/** Whether there is still time to wait for the end of a scan, or for a look-up. */
function isEarly(response: ResponseRow, deps: WaitDeps): boolean {
  return deps.now() - response.updatedAt.getTime() < deps.noticeMaxWait * 1000
}

/** The issuer has it, or cannot be told; and nobody was chosen to be told of that yet. */
function isNews(response: ResponseRow, deps: WaitDeps): boolean {
  if (response.noticedAt !== null || response.outcome === 'cancelled') return false
  // A look-up is still to come, and may say that it is disabled.
  if (response.state === 'submitted') return response.nextConfirmAt === null || !isEarly(response, deps)
  return response.state === 'confirmed' || response.state === 'failed'
}
