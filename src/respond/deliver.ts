/**
 * One attempt to tell an issuer. The row is claimed under a lease, the network is waited for outside of any
 * transaction, and everything that follows from the answer is one transaction. A crash between answer and commit
 * sends the same bytes under the same webhook-id again, which the issuer answers without acting twice.
 */
import { crashPoint } from '../base/crash-point.ts'
import { type Db, type Tx, transact } from '../store/database.ts'
import {
  type ClaimedDelivery,
  claimDelivery,
  countAttempts,
  postponeDelivery,
  recordAttempt,
  renewDelivery,
} from '../store/deliveries.ts'
import { type FindingRow, getFinding } from '../store/findings.ts'
import { getIssuer, type IssuerRow, updateIssuer } from '../store/issuers.ts'
import { getResponse, markNoticed, type ResponseRow, responsesOf } from '../store/responses.ts'
import { defaultLease, holdMilliseconds, type RespondDeps } from './deps.ts'
import { readSwitches } from './facts.ts'
import { holdClaim } from './hold-claim.ts'
import { type GateName, refuseExecution } from './policy.ts'
import { loadSigningKeys } from './revoke/keys.ts'
import { type FeedbackLabel, isRetryable, nextDelay, parseFeedback } from './revoke/outcome.ts'
import { hashOfFinding, openBody } from './revoke/sealed-body.ts'
import { type SendResult, sendSigned } from './revoke/send.ts'
import { confirmRevoked, markFailed, markFalsePositive, markSubmitted } from './settle.ts'

type DeliverDeps = Pick<
  RespondDeps,
  | 'keys'
  | 'outbound'
  | 'log'
  | 'metrics'
  | 'deliveryDelays'
  | 'confirmDelays'
  | 'noticeMaxWait'
  | 'lease'
  | 'now'
  | 'random'
>

interface Job {
  delivery: ClaimedDelivery
  issuer: IssuerRow
  response: ResponseRow
  finding: FindingRow
}

/** Does nothing when the delivery is done, not due or in another worker's hands. */
export async function deliver(db: Db, deps: DeliverDeps, deliveryId: string): Promise<void> {
  const delivery = await claimDelivery(db, deliveryId, deps.lease ?? defaultLease)
  const job = delivery === null ? null : await readJob(db, delivery)
  if (job === null) return
  const obstacle = await findObstacle(db, job)
  if (obstacle === 'hold') {
    return await postponeDelivery(db, deliveryId, new Date(deps.now() + holdMilliseconds))
  }
  if (obstacle !== null) return await cancel(db, deps, job, obstacle.cancel)
  await attempt(db, deps, job)
}

async function readJob(db: Db, delivery: ClaimedDelivery): Promise<Job | null> {
  const response = delivery.responseId === null ? null : await getResponse(db, delivery.responseId)
  const issuer = await getIssuer(db, delivery.issuerId)
  const finding = response === null ? null : await getFinding(db, response.findingId)
  return response && issuer && finding ? { delivery, issuer, response, finding } : null
}

/** Closed gates that open again by themselves or by the operator; the others end the delivery. */
const passing: ReadonlySet<GateName> = new Set(['kill_switch_off', 'endpoint_proven', 'mode_allows_action'])

/** The policy again, at the last moment: what was decided an hour ago may not hold any more. */
async function findObstacle(db: Db, job: Job): Promise<'hold' | { cancel: string } | null> {
  const { issuer, response } = job
  const closed = refuseExecution(await readSwitches(db, job.finding, issuer))
  const final = closed.filter((gate) => !passing.has(gate.gate))
  if (final.length > 0) return { cancel: final.map((gate) => gate.detail).join('; ') }
  if (issuer.disabledAt !== null) return { cancel: 'the endpoint is switched off' }
  if (job.delivery.sealedBody === null) return { cancel: 'the credential is no longer kept' }
  const automatic = response.mode === 'auto' && response.decidedBy === null
  return closed.length > 0 || (automatic && issuer.mode !== 'auto') ? 'hold' : null
}

async function cancel(db: Db, deps: DeliverDeps, job: Job, reason: string): Promise<void> {
  await transact(db, async (tx) => {
    const entry = { status: null, outcome: 'cancelled', milliseconds: 0, state: 'dead' as const }
    if (!(await recordAttempt(tx, { deliveryId: job.delivery.id, ...entry }))) return
    await markFailed(tx, settledBy(job, 'cancelled', 'service'), reason)
    // Nothing was done, so there is nothing to tell, now or later.
    await markNoticed(tx, job.finding.id)
  })
  deps.metrics.deliveries.inc({ outcome: 'cancelled' })
}

async function attempt(db: Db, deps: DeliverDeps, job: Job): Promise<void> {
  const { delivery, issuer } = job
  const body = openBody(deps.keys.seal, delivery)
  const hash = await hashOfFinding(db, deps.keys.seal, job.finding.id)
  if (body === null || issuer.endpoint === null) return
  const signingKeys = await loadSigningKeys(db, deps.keys)
  crashPoint('before-answer')
  const receiver = { ...issuer, url: issuer.endpoint }
  const lease = deps.lease ?? defaultLease
  const result = await holdClaim(
    () => renewDelivery(db, delivery.id, lease),
    lease,
    () => sendSigned({ ...deps, signingKeys }, receiver, delivery.id, body),
  )
  crashPoint('after-answer')
  const label = hash === null ? undefined : parseFeedback(result.body, [hash]).get(hash)
  await transact(db, (tx) => settle(tx, deps, job, result, label))
  deps.metrics.deliveries.inc({ outcome: result.outcome })
  deps.metrics.deliverySeconds.observe(result.milliseconds / 1000)
  const { outcome, status } = result
  deps.log.info({ deliveryId: delivery.id, issuer: issuer.slug, outcome, status }, 'delivery attempted')
}

async function settle(
  tx: Tx,
  deps: DeliverDeps,
  job: Job,
  result: SendResult,
  label: FeedbackLabel | undefined,
): Promise<void> {
  const { delivery, issuer } = job
  const { outcome, status, milliseconds } = result
  const wait = isRetryable(outcome)
    ? nextDelay(delivery.attempts + 1, deps.deliveryDelays, deps.random(), result.retryAfter)
    : null
  const entry = { deliveryId: delivery.id, status, outcome, milliseconds }
  if (wait !== null) {
    await recordAttempt(tx, { ...entry, state: 'pending', nextAttemptAt: new Date(deps.now() + wait) })
    return
  }
  const state = outcome === 'delivered' ? 'delivered' : 'dead'
  if (!(await recordAttempt(tx, { ...entry, state }))) return
  if (outcome === 'gone') {
    await updateIssuer(tx, issuer.id, { disabled: true }, actorOf(issuer), 'the endpoint answered 410')
  }
  if (outcome === 'delivered') return await settleDelivered(tx, deps, job, label)
  const attempts = `after ${delivery.attempts + 1} attempts`
  await markFailed(
    tx,
    settledBy(job, outcome),
    `not delivered ${attempts}: ${outcome} ${status ?? ''}`.trim(),
  )
}

/** Accepted is not revoked: only the issuer's own word, from an issuer known to revoke at once, confirms. */
async function settleDelivered(
  tx: Tx,
  deps: DeliverDeps,
  job: Job,
  label: FeedbackLabel | undefined,
): Promise<void> {
  const { issuer } = job
  if (label === 'true_positive' && issuer.revokesOnReceipt) {
    return await confirmRevoked(tx, settledBy(job, label))
  }
  if (label === 'false_positive' && !(await mayBeRepeat(tx, job))) {
    return await markFalsePositive(tx, settledBy(job, label))
  }
  await markSubmitted(tx, deps, settledBy(job, label ?? 'accepted'), issuer.statusEndpoint !== null)
}

/**
 * Issuers that delete a token call it a false positive when they are told again. So that word counts only where
 * they cannot have been told before: no earlier answer, no attempt whose answer was lost.
 */
async function mayBeRepeat(tx: Tx, job: Job): Promise<boolean> {
  // Counted from the list: a delivery that was given up and revived begins at 0 again. This one is in it.
  if ((await countAttempts(tx, job.delivery.id)) > 1 || job.delivery.reclaimed) return true
  const responses = await responsesOf(tx, job.finding.id)
  return responses.some((response) => response.outcome === 'true_positive' || response.state === 'confirmed')
}

function settledBy(job: Job, outcome: string, actor = actorOf(job.issuer)) {
  return { responseId: job.response.id, finding: job.finding, actor, outcome }
}

function actorOf(issuer: IssuerRow): string {
  return `issuer:${issuer.slug}`
}
