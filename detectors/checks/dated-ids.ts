/** Identifiers that begin with the time they were made: all that can be tested is that the time is plausible. */
import type { CheckResult } from '../../src/model/detector.ts'
import { hex } from './alphabets.ts'
import { verdict } from './outcome.ts'
import { between, letters, type Random } from './random.ts'

/** First of January 2013, in Unix seconds: services whose ids are tested here are younger. */
const earliest = 1_356_998_400

/** Passes where Unix seconds lie between 2013 and `now` (milliseconds): one random 32-bit number in ten does. */
function checkMade(seconds: number, now: number): CheckResult {
  return verdict(seconds >= earliest && seconds * 1000 <= now + 86_400_000, 3)
}

/** A MongoDB ObjectId: 24 hex digits, the first eight Unix seconds. */
export function checkObjectId(id: string, now: number): CheckResult {
  return checkMade(Number.parseInt(id.slice(0, 8), 16), now)
}

export function mintObjectId(random: Random): string {
  return between(random, 1_500_000_000, 1_750_000_000).toString(16) + letters(random, hex, 16)
}
