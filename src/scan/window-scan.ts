/** Everything a window holds: spotted, judged, filtered, decoded and scanned again, compared with its neighbours. */
import type { DropReason } from '../model/hit.ts'
import { canaryAccounts } from './canaries.ts'
import { decodeAll, maxDepth } from './decode.ts'
import type { Spotted, Spotter } from './detect.ts'
import { dropReason } from './filter.ts'
import type { Found } from './found.ts'
import { judge } from './judge.ts'
import { withoutOverlaps } from './overlap.ts'
import { joinPairs } from './pairs.ts'
import { judgeShapeless } from './shapeless/judge.ts'
import { decodedText, type ScanText, storedText } from './text.ts'

/** Something left out, or one candidate counted, at a position of the window. */
export interface Tally {
  /** A comment on its line may let a hit stay. */
  heedComments: boolean
  candidate(at: number): void
  drop(reason: DropReason, at: number): void
}

/** A comment with this on the line of a hit says that it may stay. */
const allowed = Buffer.from('keyrecall:allow')
/** A line is looked at this far to either side of a hit. */
const lineReach = 4096

/** What stands in `bytes`, in order of position, without regard to who owns it. */
export function scanWindow(bytes: Buffer, spotter: Spotter, now: number, tally: Tally): Found[] {
  return settle(bytes, scanText(storedText(bytes), spotter, now, tally), tally)
}

/** `found` in `bytes`, in order of position: without what gives way to a neighbour or may stay, pairs joined. */
export function settle(bytes: Buffer, found: readonly Found[], tally: Tally): Found[] {
  const apart = withoutOverlaps(found, (one) => tally.drop('overlap', one.start))
  const joined = joinPairs(apart)
  if (!tally.heedComments) return joined
  return joined.filter((one) => {
    if (!allowedInline(bytes, one)) return true
    tally.drop('allowed_inline', one.start)
    return false
  })
}

/** All finds in a text and in what is encoded in it, in no order. */
export function scanText(text: ScanText, spotter: Spotter, now: number, tally: Tally): Found[] {
  const candidates = spotter.candidates(text.bytes, text.decoding.length > 0)
  const spotted = spotter.spot(text.bytes, candidates, (miss, at) => tally.drop(miss, text.startOf(at)))
  const found = spotted.flatMap((one) => examine(text, one, now, tally) ?? [])
  if (text.decoding.length >= maxDepth) return found
  for (const decoded of decodeAll(text.bytes, candidates.encoded)) {
    for (const one of scanText(decodedText(text, decoded), spotter, now, tally)) found.push(one)
  }
  return found
}

/** What becomes of a claimed span; null where it is no find. */
export function examine(
  text: ScanText,
  { compiled, match }: Spotted,
  now: number,
  tally: Tally,
): Found | null {
  const { detector } = compiled
  const { secretStart } = match
  const start = text.startOf(secretStart)
  tally.candidate(start)
  const judgement = judge(detector, text.bytes, match, now)
  if (detector.provenOnly && judgement.checkPassed !== true) return null
  // What has no shape is judged by its surroundings, which may also tell where it ends.
  const verdict = detector.shapeless ? judgeShapeless(detector.shapeless, text.bytes, match) : null
  const reason = verdict
    ? 'drop' in verdict
      ? verdict.drop
      : null
    : dropReason(detector, text.bytes.subarray(secretStart, match.secretEnd), judgement)
  if (reason) {
    tally.drop(reason, start)
    return null
  }
  if (judgement.checkPassed === false) tally.drop('check_failed', start)
  const rated = verdict && 'end' in verdict ? verdict : null
  const end = rated?.end ?? match.secretEnd
  const value = text.bytes.subarray(secretStart, end)
  const testMode = detector.testMode?.some((prefix) => value.indexOf(prefix) === 0) ?? false
  const canary = canaryAccounts.has(judgement.facts['account'] ?? '')
  const label = canary ? 'canary' : (judgement.label ?? (testMode ? 'test_mode' : null))
  return {
    compiled,
    ...judgement,
    confidence: judgement.checkPassed === false ? 'low' : (rated?.confidence ?? judgement.confidence),
    label,
    start,
    end: text.endOf(end),
    value,
    decoding: text.decoding,
  }
}

function allowedInline(bytes: Buffer, { start, end }: Found): boolean {
  const before = bytes.subarray(Math.max(0, start - lineReach), start)
  const lineStart = start - before.length + before.lastIndexOf(0x0a) + 1
  const after = bytes.subarray(end, end + lineReach)
  const newline = after.indexOf(0x0a)
  return bytes.subarray(lineStart, newline < 0 ? end + after.length : end + newline).includes(allowed)
}
