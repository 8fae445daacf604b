/**
 * Rate limits as GitHub counts them: windows per caller and resource, told in `x-ratelimit-*` headers. Code
 * search has 10 a minute, everything else 5,000 an hour; tests make the windows short.
 */
export type Resource = 'core' | 'code_search'

export interface Limit {
  limit: number
  windowMilliseconds: number
}

export interface RateState {
  limit: number
  remaining: number
  used: number
  /** Seconds since 1970. */
  reset: number
}

export interface RateLimits {
  /** Counts one call; false where the window is used up. */
  take(caller: string, resource: Resource): boolean
  /** Gives one back: answers with 304 are not counted. */
  giveBack(caller: string, resource: Resource): void
  state(caller: string, resource: Resource): RateState
}

export const githubLimits: Readonly<Record<Resource, Limit>> = {
  core: { limit: 5_000, windowMilliseconds: 3_600_000 },
  code_search: { limit: 10, windowMilliseconds: 60_000 },
}

interface Window {
  used: number
  endsAt: number
}

export function createRateLimits(limits: Readonly<Record<Resource, Limit>>): RateLimits {
  const windows = new Map<string, Window>()

  function current(caller: string, resource: Resource): Window {
    const key = `${resource} ${caller}`
    const now = Date.now()
    let window = windows.get(key)
    if (window === undefined || window.endsAt <= now) {
      window = { used: 0, endsAt: now + limits[resource].windowMilliseconds }
      windows.set(key, window)
    }
    return window
  }

  return {
    take(caller, resource) {
      const window = current(caller, resource)
      if (window.used >= limits[resource].limit) return false
      window.used++
      return true
    },
    giveBack(caller, resource) {
      const window = current(caller, resource)
      window.used = Math.max(window.used - 1, 0)
    },
    state(caller, resource) {
      const { used, endsAt } = current(caller, resource)
      const { limit } = limits[resource]
      return { limit, remaining: limit - used, used, reset: Math.ceil(endsAt / 1000) }
    },
  }
}
