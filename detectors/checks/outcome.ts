/** The answers a check can give, spelled once. Bits are the strength of a pass: `-log2` of the odds that random text passes. */
import type { CheckResult } from '../../src/model/detector.ts'

/** The value tests true, at this strength; `facts` are for people and hold no part of the secret. */
export function passed(bits: number, facts?: Readonly<Record<string, string>>): CheckResult {
  return facts ? { outcome: 'passed', bits, facts } : { outcome: 'passed', bits }
}

/** The value is a look-alike. */
export const failed: CheckResult = { outcome: 'failed', bits: 0 }

/** The value tests false, but the check is not proved or some issuers break it: one step less sure. */
export const softFailed: CheckResult = { outcome: 'failed', bits: 0, soft: true }

/** This very value carries nothing to test. */
export const notApplicable: CheckResult = { outcome: 'not_applicable', bits: 0 }

/** `passed` or `failed`, as `good` says. */
export function verdict(good: boolean, bits: number): CheckResult {
  return good ? passed(bits) : failed
}

/** A pass for a value that is over since `at` (milliseconds since 1970) when `now` is later. */
export function passedUntil(
  bits: number,
  at: number | null,
  now: number,
  facts: Record<string, string> = {},
): CheckResult {
  if (at === null) return passed(bits, facts)
  const date = new Date(at)
  const told = Number.isNaN(date.getTime()) ? facts : { ...facts, expires: date.toISOString() }
  return at < now ? { ...passed(bits, told), unusable: 'expired' } : passed(bits, told)
}
