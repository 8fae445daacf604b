/**
 * What the offline check says, and how sure that makes us:
 *
 *   passed, 30 bits and more, or 16 with a fixed text      high
 *   passed, fewer; none known, with a fixed text of 4      medium
 *   none known, a keyword near by only                     low
 *   failed                                                 low, and one step lower than otherwise where soft
 */
import type { CheckResult, CheckSurroundings, Detector } from '../model/detector.ts'
import type { Confidence, HitLabel } from '../model/hit.ts'

export interface Judgement {
  checkPassed: boolean | null
  bits: number
  confidence: Confidence
  label: HitLabel | null
  facts: Readonly<Record<string, string>>
}

const none: CheckResult = { outcome: 'not_applicable', bits: 0 }

/** Runs the check of `detector` over `secret`. */
export function judge(detector: Detector, secret: Buffer, now: number, around: CheckSurroundings): Judgement {
  const result = detector.check?.(secret, now, around) ?? none
  const passed = result.outcome === 'passed'
  return {
    checkPassed: result.outcome === 'not_applicable' ? null : passed,
    bits: passed ? result.bits : 0,
    confidence: confidenceOf(detector, result),
    label: result.unusable ?? null,
    facts: result.facts ?? {},
  }
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
