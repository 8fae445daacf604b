/** What the steps of the response are given; each names the part it uses. */
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import type { Outbound } from '../base/outbound.ts'
import type { ServiceKeys } from '../base/service-key.ts'
import type { Detector } from '../model/detector.ts'
import type { Mailer } from './notify/mailer.ts'
import type { OwnerSettings } from './notify/owner.ts'

export interface RespondDeps {
  keys: Pick<ServiceKeys, 'seal' | 'idempotency'>
  outbound: Pick<Outbound, 'request'>
  log: Log
  metrics: Metrics
  detectors: readonly Pick<Detector, 'id' | 'manualOnly'>[]
  /** Null where no mail server is configured: notices then wait. */
  mailer: Mailer | null
  owners: OwnerSettings
  /** Seconds before each attempt of a delivery or a mail; the first is 0. */
  deliveryDelays: readonly number[]
  /** Seconds after an accepted delivery at which its outcome is looked up. */
  confirmDelays: readonly number[]
  /** Seconds an owner is told at the latest after the issuer was. */
  noticeMaxWait: number
  /** Milliseconds a claim lasts after its worker was last heard of. Default 45,000. */
  lease?: number
  /** Milliseconds since 1970. */
  now: () => number
  /** 0 to 1, for jitter. */
  random: () => number
}

/** A claim is renewed while its worker waits for an answer; one this old belonged to a process that is gone. */
export const defaultLease = 45_000

/** While the kill switch is on, rows are looked at again this many milliseconds later. */
export const holdMilliseconds = 60_000
