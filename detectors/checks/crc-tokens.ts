/**
 * The most common checksum of all: CRC-32 at the end of the token, over the body or over everything before
 * it. Formats differ in what is summed and how the sum is written; each helper gives a check and a mint.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { base62, encodeNumber } from './alphabets.ts'
import { crc32, hex8 } from './crc.ts'
import { verdict } from './outcome.ts'
import { letters, type Random } from './random.ts'

export interface CrcForm {
  /** How the sum is written, and how wide that is. */
  write: (crc: number) => string
  width: number
  /** `body`: what stands between prefix and sum; `all`: everything before the sum. */
  over: 'body' | 'all'
}

/** CRC-32 of the body in six digits of base62: GitHub, npm, Vercel and most that followed them. */
export const crcBase62: CrcForm = { write: (crc) => encodeNumber(crc, base62, 6), width: 6, over: 'body' }
export const crcBase62OverAll: CrcForm = { ...crcBase62, over: 'all' }
export const crcHex: CrcForm = { write: hex8, width: 8, over: 'body' }
export const crcHexOverAll: CrcForm = { ...crcHex, over: 'all' }
export const crcUpperHexOverAll: CrcForm = { write: (crc) => hex8(crc).toUpperCase(), width: 8, over: 'all' }

/**
 * A check for tokens of `form`. `prefixLength` counts the characters before the body; it matters only where the
 * sum is over the body alone.
 */
export function crcCheck(form: CrcForm, prefixLength = 0): (secret: Buffer) => CheckResult {
  return (secret) => {
    const text = secret.toString('latin1')
    const covered = text.slice(form.over === 'body' ? prefixLength : 0, -form.width)
    return verdict(form.write(crc32(covered)) === text.slice(-form.width), 32)
  }
}

/** A mint for `prefix`, a body of `count` characters of `alphabet`, and the sum. */
export function crcMint(
  form: CrcForm,
  prefix: string,
  alphabet: string,
  count: number,
  end = '',
): (random: Random) => string {
  return (random) => {
    const body = letters(random, alphabet, count) + end
    return prefix + body + form.write(crc32(form.over === 'body' ? body : prefix + body))
  }
}
