/**
 * The test that an endpoint must pass before a live credential goes there: a delivery signed like any other, about a
 * made-up token of one of the issuer's own types. Any 2xx will do; the token is nobody's.
 */
import { randomInt, randomUUID } from 'node:crypto'
import { mintFor } from '../../detectors/checks/mint.ts'
import { AppError } from '../model/errors.ts'
import { type Db, transact } from '../store/database.ts'
import { createDelivery, recordAttempt } from '../store/deliveries.ts'
import { getIssuer, type IssuerRow, setIssuerProven } from '../store/issuers.ts'
import { killSwitch } from '../store/settings.ts'
import type { RespondDeps } from './deps.ts'
import { encodeBody } from './revoke/body.ts'
import { loadSigningKeys } from './revoke/keys.ts'
import type { SendOutcome } from './revoke/outcome.ts'
import { sealBody } from './revoke/sealed-body.ts'
import { sendSigned } from './revoke/send.ts'

export interface EndpointProof {
  deliveryId: string
  proven: boolean
  /** HTTP status; null when no answer came. */
  status: number | null
  outcome: SendOutcome
}

/**
 * `AppError`: not_found; conflict when the issuer has no endpoint or type, or the kill switch is on. An endpoint
 * that fails is no error: the result says what came of it.
 */
export async function proveEndpoint(
  db: Db,
  deps: Pick<RespondDeps, 'keys' | 'outbound' | 'metrics' | 'now'>,
  issuerId: string,
  actor = 'service',
): Promise<EndpointProof> {
  const issuer = await getIssuer(db, issuerId)
  if (issuer === null) throw new AppError('not_found', `there is no issuer "${issuerId}"`)
  if (issuer.endpoint === null) throw new AppError('conflict', `the issuer "${issuer.slug}" has no endpoint`)
  if (await killSwitch(db)) throw new AppError('conflict', 'the kill switch is on: nothing is sent')
  const { endpoint } = issuer
  const body = syntheticBody(issuer)
  const sealed = sealBody(deps.keys.seal, body)
  await transact(db, (tx) => createDelivery(tx, { ...sealed, issuerId, responseId: null, kind: 'test' }))
  const signingKeys = await loadSigningKeys(db, deps.keys)
  const result = await sendSigned({ ...deps, signingKeys }, { ...issuer, url: endpoint }, sealed.id, body)
  const { outcome, status, milliseconds } = result
  const answered = outcome === 'delivered'
  const proven = await transact(db, async (tx) => {
    const state = answered ? 'delivered' : 'dead'
    await recordAttempt(tx, { deliveryId: sealed.id, status, outcome, milliseconds, state })
    // False when the endpoint or who vouches for it was changed while this one answered.
    return answered && (await setIssuerProven(tx, issuerId, endpoint, actor, issuer.certificateAuthority))
  })
  deps.metrics.deliveries.inc({ outcome })
  return { deliveryId: sealed.id, proven, status, outcome }
}

function syntheticBody(issuer: IssuerRow): Buffer {
  const [entry] = Object.entries(issuer.types)
  if (entry === undefined)
    throw new AppError('conflict', `the issuer "${issuer.slug}" has registered no type`)
  const [detector, type] = entry
  return encodeBody(issuer.dialect, [{ token: syntheticToken(detector), type, url: '', source: 'unknown' }])
}

/** Of the right form where the detector is ours, so that the issuer takes the way it takes for real ones. */
function syntheticToken(detector: string): string {
  try {
    return mintFor(detector, () => randomInt(2 ** 32) / 2 ** 32)
  } catch {
    return `keyrecall-test-${randomUUID()}`
  }
}
