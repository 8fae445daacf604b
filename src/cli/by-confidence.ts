/** What `--min-confidence` lets through, and what of the rest is counted. */
import { type Confidence, confidences, type Hit } from '../model/hit.ts'

type Rated = Pick<Hit, 'confidence' | 'checkPassed'>

/** True for what is to be reported where `least` is asked for. */
function isSure({ confidence }: Rated, least: Confidence): boolean {
  return confidences.indexOf(confidence) >= confidences.indexOf(least)
}

/** True for what is left out for its confidence alone: look-alikes with a wrong checksum have a count of their own. */
function isBelow(hit: Rated, least: Confidence): boolean {
  return hit.checkPassed !== false && !isSure(hit, least)
}

/** The hits to report, and how many are below. */
export function byConfidence<One extends Rated>(
  hits: readonly One[],
  least: Confidence,
): { kept: One[]; below: number } {
  return {
    kept: hits.filter((hit) => isSure(hit, least)),
    below: hits.filter((hit) => isBelow(hit, least)).length,
  }
}
