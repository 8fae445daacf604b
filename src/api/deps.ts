/** What the API is given. It starts work through the store's outbox alone, so there is no queue here. */
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import type { ServiceKeys } from '../base/service-key.ts'
import type { Detector } from '../model/detector.ts'
import type { Db } from '../store/database.ts'
import type { RateLimits } from './rate-limit.ts'

/** What a synthetic delivery to an issuer's endpoint came to. */
export interface EndpointProof {
  deliveryId: string
  proven: boolean
  /** HTTP status; null when no answer came. */
  status: number | null
  outcome: string
}

export interface ApiDeps {
  db: Db
  log: Log
  metrics: Metrics
  /** Opens the signing keys, whose public halves are served. */
  keys: Pick<ServiceKeys, 'seal'>
  /** Version of the package, for the document. */
  version: string
  /** The detectors in use: an issuer's types are checked against them. */
  detectors: readonly Pick<Detector, 'id' | 'manualOnly'>[]
  /** Lets an awaiting response go out. @throws AppError conflict, forbidden (asked for by the same actor) */
  approve(responseId: string, actor: string, reason: string): Promise<void>
  reject(responseId: string, actor: string, reason: string): Promise<void>
  /** Sends a synthetic credential to the issuer's endpoint and notes whether it was answered. */
  proveEndpoint(issuerId: string, actor: string): Promise<EndpointProof>
  /** Defaults: see `rate-limit.ts`. */
  rateLimits?: RateLimits
  /** Addresses of proxies whose `X-Forwarded-For` is believed; none by default. */
  trustedProxies?: readonly string[]
}
