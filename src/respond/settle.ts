/**
 * The moves of a response after its issuer has spoken, each in the caller's transaction with everything that follows
 * from it: validity, the owner's notice, the purge of what is kept sealed.
 */
import { appendAudit } from '../store/audit.ts'
import type { Tx } from '../store/database.ts'
import { purgeBody } from '../store/deliveries.ts'
import { type FindingRow, lockFinding, purgeSecret, setValidity } from '../store/findings.ts'
import { enqueue } from '../store/outbox.ts'
import { markNoticed, moveResponse, scheduleConfirm } from '../store/responses.ts'
import { saveTriage } from '../store/triage.ts'
import type { RespondDeps } from './deps.ts'
import { collectWhenSettled } from './notify/collect.ts'

/** A response and who speaks about it. */
export interface Settled {
  responseId: string
  finding: Pick<FindingRow, 'id' | 'firstScanId'>
  /** `issuer:<slug>` */
  actor: string
  /** What the issuer said, from a closed list. */
  outcome: string
}

/** The credential is disabled: nothing of it needs to be kept. */
export async function confirmRevoked(tx: Tx, settled: Settled): Promise<void> {
  const { responseId, finding, actor, outcome } = settled
  await moveResponse(tx, { id: responseId, to: 'confirmed', actor, outcome })
  await setValidity(tx, finding.id, 'inactive')
  await purgeBody(tx, responseId)
  await purgeSecret(tx, finding.id)
  await enqueue(tx, 'notify', { findingId: finding.id })
  await collectWhenSettled(tx, finding)
}

/**
 * The issuer took it, which is not yet a revocation. With a status address it is looked up later; the owner is told
 * when that says something, or at the latest after the longest wait. Without one the owner is told now.
 */
export async function markSubmitted(
  tx: Tx,
  deps: Pick<RespondDeps, 'confirmDelays' | 'noticeMaxWait' | 'now'>,
  settled: Settled,
  canLookUp: boolean,
): Promise<void> {
  const { responseId, finding, actor, outcome } = settled
  await moveResponse(tx, { id: responseId, to: 'submitted', actor, outcome })
  const first = canLookUp ? deps.confirmDelays[0] : undefined
  if (first === undefined) {
    await enqueue(tx, 'notify', { findingId: finding.id })
  } else {
    await scheduleConfirm(tx, responseId, new Date(deps.now() + first * 1000))
    // A second more, so that the wait is over by any clock when the job runs.
    const latest = new Date(deps.now() + deps.noticeMaxWait * 1000 + 1000)
    await enqueue(tx, 'notify', { findingId: finding.id }, latest)
  }
  await collectWhenSettled(tx, finding)
}

/** It could not be delivered: the owner must act. */
export async function markFailed(tx: Tx, settled: Settled, reason: string): Promise<void> {
  const { responseId, finding, actor, outcome } = settled
  await moveResponse(tx, { id: responseId, to: 'failed', actor, outcome, reason })
  await enqueue(tx, 'notify', { findingId: finding.id })
  await collectWhenSettled(tx, finding)
}

/** The issuer says that it is none of its credentials: nothing leaked, nobody is told. */
export async function markFalsePositive(tx: Tx, settled: Settled): Promise<void> {
  const { responseId, actor, outcome } = settled
  const reason = 'the issuer says that it is none of its credentials'
  await moveResponse(tx, { id: responseId, to: 'failed', actor, outcome, reason })
  await markNoticed(tx, settled.finding.id)
  const finding = await lockFinding(tx, settled.finding.id)
  if (finding?.state === 'open') {
    await saveTriage(tx, finding.id, {
      state: 'resolved',
      resolution: 'false_positive',
      resolutionComment: reason,
      resolvedAt: new Date(),
      resolvedBy: actor,
      assignee: finding.assignee,
    })
    await appendAudit(tx, {
      actor,
      action: 'finding.resolved',
      subjectType: 'finding',
      subjectId: finding.id,
      detail: { from: { state: 'open' }, to: { state: 'resolved', resolution: 'false_positive' } },
    })
  }
  await collectWhenSettled(tx, settled.finding)
}
