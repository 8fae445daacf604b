/** Hits of a scan without a database: one finding for each credential with all its places, in an order of their own. */
import type { Place } from '../model/blob.ts'
import type { FindingRecord, FoundPlace } from '../model/finding.ts'
import { confidences, type Hit } from '../model/hit.ts'
import { fingerprint } from './fingerprint.ts'
import { compare, comparePlaces, foundPlace } from './found-place.ts'

export interface Found {
  hit: Hit
  places: readonly Place[]
}

/** @param key of the fingerprints */
export function mergeHits(key: Buffer, found: readonly Found[]): FindingRecord[] {
  const groups = new Map<string, { best: Hit; places: FoundPlace[] }>()
  for (const { hit, places } of found) {
    const name = fingerprint(key, hit.secret, hit.detector)
    const here = places.map((place) => foundPlace(hit, place))
    const group = groups.get(name)
    if (!group) groups.set(name, { best: hit, places: here })
    else {
      group.places.push(...here)
      if (isBetter(hit, group.best)) group.best = hit
    }
  }
  const records = [...groups].map(([name, { best, places }]) => toRecord(name, best, distinct(places)))
  return records.sort(compareRecords)
}

/** Whether `hit` says more about a credential than `other` does. Decides the same whichever came first. */
export function isBetter(hit: Hit, other: Hit): boolean {
  const more =
    confidences.indexOf(hit.confidence) - confidences.indexOf(other.confidence) ||
    hit.checkBits - other.checkBits
  return more === 0 ? hit.detector < other.detector : more > 0
}

function toRecord(name: string, hit: Hit, places: FoundPlace[]): FindingRecord {
  return {
    detector: hit.detector,
    issuer: hit.issuer,
    kind: hit.kind,
    fingerprint: name,
    secret_redacted: hit.redacted,
    check: hit.check,
    check_passed: hit.checkPassed,
    confidence: hit.confidence,
    validity: 'unknown',
    label: hit.label,
    places,
  }
}

function distinct(places: FoundPlace[]): FoundPlace[] {
  const sorted = places.sort(comparePlaces)
  return sorted.filter((place, index) => {
    const previous = sorted[index - 1]
    return previous === undefined || comparePlaces(previous, place) !== 0
  })
}

function compareRecords(a: FindingRecord, b: FindingRecord): number {
  const [first, second] = [a.places[0], b.places[0]]
  if (!first || !second) return first ? -1 : second ? 1 : compare(a.fingerprint, b.fingerprint)
  return comparePlaces(first, second) || compare(a.fingerprint, b.fingerprint)
}
