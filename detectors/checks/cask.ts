/**
 * Microsoft's common annotated security keys of 2025: URL-safe base64 with fixed fields in whole groups of three
 * bytes. Layout read from microsoft/cask: secret (33 bytes for 256 bits, 66 for 512, the padding zero), `QJJQ`,
 * size and optional-data letters, then the time of making.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { base62, base64url } from './alphabets.ts'
import { failed, passed } from './outcome.ts'
import { letters, type Random, randomBytes } from './random.ts'

const secretBytes: Readonly<Record<string, { bytes: number; filled: number }>> = {
  B: { bytes: 33, filled: 32 },
  C: { bytes: 66, filled: 64 },
}

/** `A` and two letters for sizes and one for the kind; optional data; provider; then the time, at the very end. */
export function checkCask(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const at = text.indexOf('QJJQA')
  const size = secretBytes[text.charAt(at + 5)]
  const optional = base64url.indexOf(text.charAt(at + 6))
  if (!size || at * 3 !== size.bytes * 4 || text.length !== at + 20 + 4 * optional) return failed
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.subarray(size.filled, size.bytes).some((byte) => byte !== 0)) return failed
  return timeFits(text.slice(-5)) ? passed(30) : failed
}

/** Month A to L, day from 1 to 31 as B and on (A on day 0 is met too), hour A to X, minute and second below 60. */
function timeFits(time: string): boolean {
  const [month = 64, day = 64, hour = 64, minute = 64, second = 64] = time
    .split('')
    .map((letter) => base64url.indexOf(letter))
  return month < 12 && day <= 31 && hour < 24 && minute < 60 && second < 60
}

export function mintCask(random: Random): string {
  const field = (below: number) => letters(random, base64url.slice(0, below), 1)
  const padded = Buffer.concat([randomBytes(random, 32), Buffer.alloc(1)]).toString('base64url')
  return `${padded}QJJQABAP${letters(random, base62, 4)}AAB${field(12)}${field(31)}${field(24)}${field(60)}${field(60)}`
}
