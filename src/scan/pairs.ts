/** Joins the halves of a credential: the hit of the id carries the secret, which is not reported on its own. */
import type { Found } from './found.ts'

interface Candidate {
  id: Found
  half: Found
  distance: number
}

/** `found` (in order of position) with pairs joined, nearest first, each half used once. */
export function joinPairs(found: readonly Found[]): Found[] {
  const candidates = found.flatMap((id, index) => halvesNear(found, id, index))
  candidates.sort((a, b) => a.distance - b.distance || a.id.start - b.id.start || b.half.start - a.half.start)
  const companions = new Map<Found, Found>()
  const used = new Set<Found>()
  for (const { id, half } of candidates) {
    if (companions.has(id) || used.has(half)) continue
    companions.set(id, half)
    used.add(half)
  }
  return found
    .filter((one) => !used.has(one))
    .map((one) => {
      const half = companions.get(one)
      return half ? { ...one, companion: half.value } : one
    })
}

function halvesNear(found: readonly Found[], id: Found, index: number): Candidate[] {
  const rule = id.compiled.detector.pair
  if (!rule || id.checkPassed === false) return []
  const near: Candidate[] = []
  for (const step of [-1, 1]) {
    for (let i = index + step; i >= 0 && i < found.length; i += step) {
      const half = found[i]
      if (!half) break
      const distance = step > 0 ? half.start - id.end : id.start - half.end
      if (distance > rule.within) break
      if (half.compiled.detector.id === rule.with) near.push({ id, half, distance })
    }
  }
  return near
}
