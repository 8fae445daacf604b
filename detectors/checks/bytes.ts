/**
 * Tokens that are so and so many random bytes in base64 behind a prefix: only stray bits can be tested, which a
 * random text of the same length fails three times of four (two bits) or fifteen of sixteen (four).
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { type Base64Form, strictBase64 } from './base64.ts'
import { verdict } from './outcome.ts'
import { type Random, randomBytes } from './random.ts'

/** Passes where the text after `prefixLength` characters is strict base64 of one of `counts` bytes. */
export function bytesCheck(
  prefixLength: number,
  counts: readonly number[],
  form: Base64Form = {},
): (secret: Buffer) => CheckResult {
  return (secret) => {
    const bytes = strictBase64(secret.toString('latin1', prefixLength), form)
    return verdict(bytes !== null && counts.includes(bytes.length), strayBits(bytes?.length ?? 0))
  }
}

/** Bits of the last character of base64 beyond the last of `count` bytes. */
function strayBits(count: number): number {
  return count % 3 === 1 ? 4 : count % 3 === 2 ? 2 : 0
}

/** A mint for `prefix` and `count` bytes in base64url without padding. */
export function bytesMint(prefix: string, count: number): (random: Random) => string {
  return (random) => prefix + randomBytes(random, count).toString('base64url')
}
