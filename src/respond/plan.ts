/**
 * Decides what is done about a new finding, and carries out what people decide. One transaction each: the response,
 * its audit event, the sealed webhook and the job that sends it are all there or none is.
 */
import { createHmac } from 'node:crypto'
import { crashPoint } from '../base/crash-point.ts'
import { AppError } from '../model/errors.ts'
import { type Db, type Tx, transact } from '../store/database.ts'
import { claimForPlanning, type FindingRow, getFinding, getSealed } from '../store/findings.ts'
import { getIssuer, issuerOfDetector, lockIssuer } from '../store/issuers.ts'
import {
  approveResponse,
  createResponse,
  getResponse,
  rejectResponse,
  responsesOf,
} from '../store/responses.ts'
import type { RespondDeps } from './deps.ts'
import { readFacts, readSwitches } from './facts.ts'
import { collectWhenSettled } from './notify/collect.ts'
import { type Decision, decide, refuseExecution } from './policy.ts'
import { createRevokeDelivery } from './revoke/sealed-body.ts'

type PlanDeps = Pick<RespondDeps, 'keys' | 'detectors'>

const lane = 'issuer_webhook'

/** Does nothing for a finding that was planned before. */
export async function planResponse(db: Db, deps: PlanDeps, findingId: string): Promise<void> {
  await transact(db, async (tx) => {
    const finding = await claimForPlanning(tx, findingId)
    if (finding === null) return
    const issuer = await issuerOfDetector(tx, finding.detector)
    if (issuer !== null) await lockIssuer(tx, issuer.id)
    const decision = await decideOn(tx, deps, finding, issuer?.id ?? null)
    const response = await createResponse(tx, {
      findingId,
      issuerId: issuer?.id ?? null,
      lane,
      mode: decision.mode,
      state: decision.state,
      reason: decision.reason,
      gates: decision.gates,
      idempotencyKey: await idempotencyKey(tx, deps, finding),
      requestedBy: 'policy',
    })
    if (response !== null && issuer !== null && response.state === 'executing') {
      await createRevokeDelivery(tx, deps.keys.seal, {
        issuer,
        detector: finding.detector,
        findingId,
        responseId: response.id,
      })
    } else {
      await collectWhenSettled(tx, finding)
    }
  })
  crashPoint('after-plan')
}

/** The issuer is read again after its lock: what a person changed meanwhile counts. */
async function decideOn(
  tx: Tx,
  deps: PlanDeps,
  finding: FindingRow,
  issuerId: string | null,
): Promise<Decision> {
  const issuer = issuerId === null ? null : await getIssuer(tx, issuerId)
  const decision = decide(await readFacts(tx, deps, finding, issuer))
  const sealed = decision.state === 'observed' ? null : await getSealed(tx, finding.id)
  if (decision.state === 'observed' || sealed?.secret) return decision
  return { ...decision, state: 'observed', reason: 'the credential is no longer kept' }
}

/** Counts the responses before, so that a finding can be acted on again later but never twice for one occasion. */
async function idempotencyKey(tx: Tx, deps: PlanDeps, finding: FindingRow): Promise<string> {
  const earlier = await responsesOf(tx, finding.id)
  const occasion = JSON.stringify([finding.fingerprint, lane, 'revoke', earlier.length])
  return createHmac('sha256', deps.keys.idempotency).update(occasion).digest('hex')
}

/**
 * Lets a waiting response go out. `AppError`: not_found; forbidden for the person who asked for it; conflict when it
 * does not wait any more or a gate that holds for people too has closed.
 */
export async function approve(
  db: Db,
  deps: PlanDeps,
  responseId: string,
  actor: string,
  reason = 'approved',
): Promise<void> {
  await transact(db, async (tx) => {
    const response = await getResponse(tx, responseId)
    const finding = response === null ? null : await getFinding(tx, response.findingId)
    if (response === null || finding === null) {
      throw new AppError('not_found', `there is no response "${responseId}"`)
    }
    const issuer = response.issuerId === null ? null : await getIssuer(tx, response.issuerId)
    const closed = refuseExecution(await readSwitches(tx, finding, issuer))
    if (response.state === 'awaiting_approval' && (closed.length > 0 || issuer === null)) {
      const details = closed.map((gate) => gate.detail).join('; ')
      throw new AppError('conflict', `the response "${responseId}" cannot go out: ${details}`)
    }
    await approveResponse(tx, responseId, actor, reason)
    if (issuer === null) return
    await createRevokeDelivery(tx, deps.keys.seal, {
      issuer,
      detector: finding.detector,
      findingId: finding.id,
      responseId,
    })
  })
}

/** Ends a waiting response. `AppError` as `approve`, except that anybody may reject. */
export async function reject(db: Db, responseId: string, actor: string, reason = 'rejected'): Promise<void> {
  await transact(db, (tx) => rejectResponse(tx, responseId, actor, reason))
}
