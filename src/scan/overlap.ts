/**
 * No two hits cover the same bytes: of those that overlap, the best proven one stays. So a token met plain and
 * again in a decoded copy of its surroundings is one hit, and a general detector gives way to the specific one.
 */
import type { Found } from './found.ts'

/** `found` in order of position without those that lose to a neighbour; `lost` hears of each. */
export function withoutOverlaps(found: readonly Found[], lost: (one: Found) => void): Found[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Found[] = []
  let cluster: Found[] = []
  let reach = -1
  for (const one of sorted) {
    if (one.start >= reach) {
      kept.push(...settle(cluster, lost))
      cluster = []
    }
    cluster.push(one)
    reach = Math.max(reach, one.end)
  }
  kept.push(...settle(cluster, lost))
  return kept.sort((a, b) => a.start - b.start || a.end - b.end)
}

function settle(cluster: readonly Found[], lost: (one: Found) => void): Found[] {
  if (cluster.length < 2) return [...cluster]
  const kept: Found[] = []
  for (const one of [...cluster].sort(byRight)) {
    if (kept.some((other) => overlaps(one, other)) || yields(one, cluster)) lost(one)
    else kept.push(one)
  }
  return kept
}

function overlaps(a: Found, b: Found): boolean {
  return a.start < b.end && b.start < a.end
}

function yields(one: Found, cluster: readonly Found[]): boolean {
  const winners = one.compiled.detector.yieldsTo
  if (!winners) return false
  return cluster.some(
    (other) =>
      overlaps(one, other) && other.checkPassed !== false && winners.includes(other.compiled.detector.id),
  )
}

/** Passed before untested before failed, what has no shape between the last two; then bits, confidence, fewer decoders, length, place in the list. */
function byRight(a: Found, b: Found): number {
  return (
    standing(b) - standing(a) ||
    b.bits - a.bits ||
    level(b) - level(a) ||
    a.decoding.length - b.decoding.length ||
    b.end - b.start - (a.end - a.start) ||
    a.compiled.order - b.compiled.order
  )
}

function standing({ checkPassed, compiled: { detector } }: Found): number {
  if (checkPassed === true) return 4
  if (detector.shapeless !== undefined) return 1
  // A token with its prefix and a wrong checksum is no token; a run of hex digits that fails may be another's key.
  return checkPassed === null ? 3 : detector.gate === 'value' ? 0 : 2
}

function level({ confidence }: Found): number {
  return confidence === 'high' ? 2 : confidence === 'medium' ? 1 : 0
}
