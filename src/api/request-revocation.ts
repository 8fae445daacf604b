/**
 * A person asks for a credential to be disabled. That makes a response that waits for somebody else's approval,
 * with the gates as they stand, so that the approver sees what policy would have said. Where policy forbids any
 * action (a canary, a resolved finding, mode observe) the request is refused at once.
 */
import { createHash } from 'node:crypto'
import { AppError } from '../model/errors.ts'
import { decide } from '../respond/policy.ts'
import { type Db, type Tx, transact } from '../store/database.ts'
import { type FindingRow, lockFinding } from '../store/findings.ts'
import { issuerOfDetector } from '../store/issuers.ts'
import { responseOfKey } from '../store/pages/response-pages.ts'
import { placesOf } from '../store/places.ts'
import { countAutomatic, createResponse } from '../store/responses.ts'
import { killSwitch } from '../store/settings.ts'
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
    const { decision, issuerId } = await policyOn(tx, deps.detectors, finding)
    if (decision.state === 'observed') {
      throw new ProblemError(
        'unprocessable',
        'not-revocable',
        `nothing may be done about it: ${decision.reason}`,
      )
    }
    const response = await createResponse(tx, {
      findingId,
      issuerId,
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

async function policyOn(tx: Tx | Db, detectors: ApiDeps['detectors'], finding: FindingRow) {
  const issuer = await issuerOfDetector(tx, finding.detector)
  const places = await placesOf(tx, finding.id)
  const decision = decide({
    issuer:
      issuer === null
        ? null
        : {
            mode: issuer.mode,
            proven: issuer.endpoint !== null && issuer.provenAt !== null,
            disabled: issuer.disabledAt !== null,
            hourlyCap: issuer.hourlyCap,
          },
    automaticLastHour: issuer === null ? 0 : await countAutomatic(tx, issuer.id, 3600),
    killSwitch: await killSwitch(tx),
    finding,
    manualOnly: detectors.some(
      (detector) => detector.id === finding.detector && detector.manualOnly === true,
    ),
    places: places.map((place) => ({
      owned: place.authority === 'owned',
      public: place.details.public === true,
    })),
  })
  return { decision, issuerId: issuer?.id ?? null }
}
