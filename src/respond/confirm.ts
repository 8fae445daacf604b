/**
 * Asks an issuer that accepted a delivery whether the credential still works, by its SHA-256, signed like a delivery.
 * Only a clear "inactive" confirms; whatever else it says, it is asked again until the schedule ends.
 */
import { randomUUID } from 'node:crypto'
import { crashPoint } from '../base/crash-point.ts'
import { appendAudit } from '../store/audit.ts'
import { type Db, type Tx, transact } from '../store/database.ts'
import { type FindingRow, getFinding, setValidity } from '../store/findings.ts'
import { getIssuer, type IssuerRow } from '../store/issuers.ts'
import { enqueue } from '../store/outbox.ts'
import {
  claimConfirm,
  getResponse,
  type ResponseRow,
  scheduleConfirm,
  stopConfirms,
} from '../store/responses.ts'
import { killSwitch } from '../store/settings.ts'
import { defaultLease, holdMilliseconds, type RespondDeps } from './deps.ts'
import { loadSigningKeys } from './revoke/keys.ts'
import { parseStatus } from './revoke/outcome.ts'
import { hashOfFinding } from './revoke/sealed-body.ts'
import { sendSigned } from './revoke/send.ts'
import { confirmRevoked } from './settle.ts'

type ConfirmDeps = Pick<RespondDeps, 'keys' | 'outbound' | 'log' | 'confirmDelays' | 'lease' | 'now'>
type Status = ReturnType<typeof parseStatus>

/** Does nothing when the look-up is not due, or in another worker's hands. */
export async function confirmResponse(db: Db, deps: ConfirmDeps, responseId: string): Promise<void> {
  if (await killSwitch(db)) {
    return await scheduleConfirm(db, responseId, new Date(deps.now() + holdMilliseconds))
  }
  const response = await claimConfirm(db, responseId, deps.lease ?? defaultLease)
  if (response === null) return
  const issuer = response.issuerId === null ? null : await getIssuer(db, response.issuerId)
  const finding = await getFinding(db, response.findingId)
  if (issuer === null || finding === null) return
  const status = await lookUp(db, deps, issuer, finding.id)
  await transact(db, (tx) => settle(tx, deps, { response, issuer, finding, status }))
  crashPoint('after-confirm')
  deps.log.info({ responseId, issuer: issuer.slug, status }, 'status looked up')
}

async function lookUp(db: Db, deps: ConfirmDeps, issuer: IssuerRow, findingId: string): Promise<Status> {
  const hash = await hashOfFinding(db, deps.keys.seal, findingId)
  if (hash === null || issuer.statusEndpoint === null) return 'unknown'
  const signingKeys = await loadSigningKeys(db, deps.keys)
  const body = Buffer.from(JSON.stringify({ token_hashes: [hash] }))
  const receiver = { ...issuer, url: issuer.statusEndpoint }
  const result = await sendSigned({ ...deps, signingKeys }, receiver, randomUUID(), body)
  return result.outcome === 'delivered' ? parseStatus(result.body, hash) : 'unknown'
}

async function settle(
  tx: Tx,
  deps: ConfirmDeps,
  lookedUp: { response: ResponseRow; issuer: IssuerRow; finding: FindingRow; status: Status },
): Promise<void> {
  const { response, issuer, finding, status } = lookedUp
  // Another look-up may have ended it while this one waited for its answer.
  if ((await getResponse(tx, response.id))?.state !== 'submitted') return
  const actor = `issuer:${issuer.slug}`
  if (status === 'inactive') {
    return await confirmRevoked(tx, { responseId: response.id, finding, actor, outcome: 'status_inactive' })
  }
  if (status === 'active') await setValidity(tx, finding.id, 'active')
  const next = deps.confirmDelays[response.confirmAttempts]
  if (next !== undefined) {
    const at = Math.max(response.updatedAt.getTime() + next * 1000, deps.now() + 1000)
    return await scheduleConfirm(tx, response.id, new Date(at))
  }
  await stopConfirms(tx, response.id)
  await enqueue(tx, 'notify', { findingId: finding.id })
  await appendAudit(tx, {
    actor,
    action: 'response.unconfirmed',
    subjectType: 'response',
    subjectId: response.id,
    detail: { finding: finding.id, status, lookups: response.confirmAttempts },
  })
}
