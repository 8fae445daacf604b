/**
 * What the offline check says, and how sure that makes us:
 *
 *   passed, 30 bits and more, or 16 with a fixed text      high
 *   passed, fewer; none known, with a fixed text of 4      medium
 *   none known, a keyword near by only                     low
 *   failed                                                 low, and one step lower than otherwise where soft
 */
import type { CheckResult, Detector } from '../model/detector.ts'
import type { Confidence, HitLabel } from '../model/hit.ts'
import type { Match } from './patterns.ts'

export interface Judgement {
  checkPassed: boolean | null
  bits: number
  confidence: Confidence
  label: HitLabel | null
  facts: Readonly<Record<string, string>>
}

const none: CheckResult = { outcome: 'not_applicable', bits: 0 }

/** Runs the check of `detector`, where it has one, over the secret of `match` in `bytes`. */
export function judge(detector: Detector, bytes: Buffer, match: Match, now: number): Judgement {
  const result = detector.check ? check(detector, detector.check, bytes, match, now) : none
  const passed = result.outcome === 'passed'
  return {
    checkPassed: result.outcome === 'not_applicable' ? null : passed,
    bits: passed ? result.bits : 0,
    confidence: confidenceOf(detector, result),
    label: result.unusable ?? null,
    facts: result.facts ?? {},
  }
}

function check(
  { contextWithin = 0 }: Detector,
  run: NonNullable<Detector['check']>,
  bytes: Buffer,
  { start, end, secretStart, secretEnd }: Match,
  now: number,
): CheckResult {
  return run(bytes.subarray(secretStart, secretEnd), now, {
    match: bytes.subarray(start, end),
    near: bytes.subarray(Math.max(0, start - contextWithin), end + contextWithin),
  })
}

function confidenceOf(detector: Detector, result: CheckResult): Confidence {
  if (result.outcome === 'not_applicable') return withoutCheck(detector)
  if (result.outcome === 'failed') return 'low'
  const anchored = detector.anchors.length > 0
  return result.bits >= 30 || (result.bits >= 16 && anchored) ? 'high' : 'medium'
}

/** Anchors of three bytes are met by chance too often to count as a fixed prefix. */
function withoutCheck({ gate, anchors }: Detector): Confidence {
  return gate !== 'value' && anchors.length > 0 && anchors.every(({ length }) => length >= 4)
    ? 'medium'
    : 'low'
}
