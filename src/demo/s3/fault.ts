/** Ways in which this server can be told to misbehave, so that what reads from it can be tried against them. */
import type { Operation, S3Request } from './request.ts'

export type FaultKind =
  /** 503 SlowDown. */
  | 'slow-down'
  /** 500 InternalError. */
  | 'internal-error'
  /** 403 AccessDenied. */
  | 'access-denied'
  /** 501 NotImplemented. */
  | 'not-implemented'
  /** 302 to another host. */
  | 'redirect'
  /** The connection is cut before an answer. */
  | 'reset'
  /** Half of the body, then the connection is cut. */
  | 'truncate'
  /** Half of the body, then silence. */
  | 'stall'
  /** Half of the body under a Content-Length that says so: a lie against the listing. */
  | 'short'
  /** More body than the listing said, without a Content-Length. */
  | 'endless'
  /** One byte changed. */
  | 'corrupt'
  /** Listings: every page names the same marker. */
  | 'same-page'
  /** Listings: always another page with new keys. */
  | 'ever-new-keys'
  /** Listings: more is promised, no marker given. */
  | 'no-marker'

export interface Fault {
  kind: FaultKind
  operation?: Operation
  bucket?: string
  key?: string
  /** How many requests it spoils; default 1. */
  times?: number
}

export interface Faults {
  add(fault: Fault): void
  clear(): void
  /** The fault that meets this request, counted down. */
  take(request: S3Request): FaultKind | null
}

export function createFaults(): Faults {
  let waiting: (Fault & { times: number })[] = []
  return {
    add: (fault) => {
      waiting.push({ ...fault, times: fault.times ?? 1 })
    },
    clear: () => {
      waiting = []
    },
    take: (request) => {
      const met = waiting.find(
        (fault) =>
          fault.times > 0 &&
          (fault.operation ?? request.operation) === request.operation &&
          (fault.bucket ?? request.bucket) === request.bucket &&
          (fault.key ?? request.key) === request.key,
      )
      if (!met) return null
      met.times -= 1
      return met.kind
    },
  }
}
