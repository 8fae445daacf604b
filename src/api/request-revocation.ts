/**
 * A person asks for a credential to be disabled. That makes a response that waits for somebody else's approval,
 * with the gates as they stand, so that the approver sees what policy would have said. Where policy forbids any
 * action (a canary, a resolved finding, mode observe) the request is refused at once.
 */
import { createHash } from 'node:crypto'
import { AppError } from '../model/errors.ts'
import { readFacts } from '../respond/facts.ts'
import { decide } from '../respond/policy.ts'
import { transact } from '../store/database.ts'
import { getSealed, lockFinding } from '../store/findings.ts'
import { issuerOfDetector } from '../store/issuers.ts'
import { responseOfKey } from '../store/pages/response-pages.ts'
import { createResponse } from '../store/responses.ts'
import type { ApiDeps } from './deps.ts'
import { ProblemError } from './errors.ts'
import { found } from './found.ts'

export interface RevocationRequest {
  findingId: string
  reason: string
  /** From the header `Idempotency-Key`; counts for this actor alone. */
  key: string
  actor: string
}

/** The id of the response; the one made before when the request is a repeat. */
export async function requestRevocation(
  deps: Pick<ApiDeps, 'db' | 'detectors'>,
  request: RevocationRequest,
): Promise<string> {
  const { findingId, actor } = request
  const key = createHash('sha256')
    .update(JSON.stringify([actor, request.key]))
    .digest('hex')
  const idempotencyKey = `request:${key}`
  return transact(deps.db, async (tx) => {
    const finding = found(await lockFinding(tx, findingId), 'finding', findingId)
    const earlier = await responseOfKey(tx, idempotencyKey)
    if (earlier !== undefined) return sameRequest(earlier, findingId)
    const issuer = await issuerOfDetector(tx, finding.detector)
    const decision = decide(await readFacts(tx, deps, finding, issuer))
    const sealed = await getSealed(tx, findingId)
    if (decision.state === 'observed' || !sealed?.secret) {
      const why = sealed?.secret ? decision.reason : 'the credential is no longer kept'
      throw new ProblemError('unprocessable', 'not-revocable', `nothing may be done about it: ${why}`)
    }
    const response = await createResponse(tx, {
      findingId,
      issuerId: issuer?.id ?? null,
      mode: 'approve',
      state: 'awaiting_approval',
      reason: request.reason,
      gates: decision.gates,
      idempotencyKey,
      requestedBy: actor,
    })
    if (response === null) {
      throw new ProblemError(
        'conflict',
        'revocation-in-flight',
        'a revocation of this finding is under way or done',
      )
    }
    return response.id
  })
}

function sameRequest(earlier: { id: string; findingId: string }, findingId: string): string {
  if (earlier.findingId === findingId) return earlier.id
  throw new AppError('unprocessable', 'this Idempotency-Key was used for another finding; choose a new one')
}
