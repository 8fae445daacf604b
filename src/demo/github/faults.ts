/** Failures that a test or the demo puts into the next calls of the demo's GitHub. */

type FaultKind =
  /** 403 with `retry-after` and GitHub's words for it. */
  | 'secondary_limit'
  /** A search that says it ran out of time. */
  | 'incomplete_results'
  /** 502, as from a proxy. */
  | 'server_error'
  /** Takes the request and never answers. */
  | 'stall'

export interface FaultInput {
  kind: FaultKind
  /** Path below the API's prefix. */
  path: RegExp
  /** How many calls it meets; default 1. */
  times?: number
  /** Seconds that `secondary_limit` tells to wait; default 1. */
  retryAfter?: number
}

export interface Fault {
  readonly kind: FaultKind
  readonly retryAfter: number
  /** Calls it still waits for. */
  left: number
}

export interface Faults {
  add(input: FaultInput): Fault
  /** The fault for this call, used up by one; null where there is none. */
  take(path: string): Fault | null
}

export function startFaults(): Faults {
  const faults: { path: RegExp; fault: Fault }[] = []
  return {
    add(input) {
      const fault: Fault = { kind: input.kind, retryAfter: input.retryAfter ?? 1, left: input.times ?? 1 }
      faults.push({ path: input.path, fault })
      return fault
    },
    take(path) {
      const found = faults.find((one) => one.fault.left > 0 && one.path.test(path))
      if (found === undefined) return null
      found.fault.left--
      return found.fault
    },
  }
}
