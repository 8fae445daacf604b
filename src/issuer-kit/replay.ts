/**
 * Memory of delivery ids. A repeated id is not an attack by itself: a delivery whose answer was lost comes again
 * with the same id, so it is answered like the first time, without acting twice. Several servers of one issuer
 * should share a memory (a table, Redis); this one is a process's own.
 */
export interface ReplayMemory {
  seen(id: string): boolean | Promise<boolean>
  /** Called when the delivery was handled; to be kept for a day. */
  remember(id: string): void | Promise<void>
}

const keepMs = 24 * 3_600_000
const maxIds = 100_000

/** @param now milliseconds; default the clock */
export function createReplayMemory(now: () => number = Date.now): ReplayMemory {
  // A Map iterates in the order of insertion, so the oldest come first.
  const ids = new Map<string, number>()

  function drop(): void {
    for (const [id, at] of ids) {
      if (ids.size <= maxIds && now() - at < keepMs) return
      ids.delete(id)
    }
  }

  return {
    seen(id) {
      drop()
      return ids.has(id)
    },
    remember(id) {
      ids.delete(id)
      ids.set(id, now())
      drop()
    },
  }
}
