/**
 * Microsoft's highly identifiable secrets. Version 1: base64 of n bytes of which the last four are Marvin32 of the
 * rest, with a seed of the service, little-endian. Version 2 ("legacy CASK"): 80 characters of base62 with fixed
 * text inside, then Marvin32 of the 60 bytes they decode to, in base62. Source: Microsoft security-utilities.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { base62, base64 as base64Alphabet, encodeNumber, upper } from './alphabets.ts'
import { type Base64Form, strictBase64 } from './base64.ts'
import { littleEndian } from './crc.ts'
import { marvin32 } from './marvin.ts'
import { verdict } from './outcome.ts'
import { letters, oneOf, type Random } from './random.ts'

export interface HisForm {
  /** Four characters that begin ten before the end of the unpadded text. */
  signature: string
  bytes: number
  seeds: readonly [string, ...string[]]
  form: Base64Form
}

/** Passes where the last four bytes are the sum of the others under one of the seeds. */
export function checkHis({ bytes: count, seeds, form }: HisForm): (secret: Buffer) => CheckResult {
  return (secret) => {
    const bytes = strictBase64(secret.toString('latin1'), form)
    if (bytes?.length !== count) return verdict(false, 32)
    const body = bytes.subarray(0, -4)
    return verdict(
      seeds.some((seed) => littleEndian(marvin32(body, seed)).equals(bytes.subarray(-4))),
      30,
    )
  }
}

/** A made-up key: the signature is written over random text, then the sum over its bytes. */
export function mintHis(his: HisForm): (random: Random) => string {
  return (random) => {
    const url = his.form.alphabet !== 'standard'
    const length = Math.ceil((his.bytes * 4) / 3)
    const safe = /^[A-Za-z0-9]+$/.test(his.signature) ? base62 : base64Alphabet
    const text = letters(random, safe, length - 10) + his.signature + letters(random, base62, 6)
    const body = Buffer.from(text, url ? 'base64url' : 'base64').subarray(0, his.bytes - 4)
    const bytes = Buffer.concat([body, littleEndian(marvin32(body, oneOf(random, his.seeds)))])
    return url ? bytes.toString('base64url') : bytes.toString('base64')
  }
}

const seedV2 = 'Default0'

/** Base62 filled on the right, as version 2 writes its sum. */
function sumV2(head: string): string {
  const sum = littleEndian(marvin32(Buffer.from(head, 'base64'), seedV2)).readUInt32BE(0)
  return encodeNumber(sum, base62, 0).padEnd(6, '0')
}

/** Passes where the 84 or 88 characters end with the sum of the 80 before: four digits of it, or six and `==`. */
export function checkHisV2(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const sum = sumV2(text.slice(0, 80))
  if (text.length === 84) return verdict(text.slice(80) === sum.slice(0, 4), 23)
  const long = Buffer.from(`${text.slice(0, 80)}${sum}==`, 'base64').toString('base64')
  return verdict(text === long, 28)
}

/** A made-up key of `signature` (four characters) with the provider part `provider`. */
export function mintHisV2(signature: string, provider?: string): (random: Random) => string {
  return (random) => {
    const date = `JQQJ99A${letters(random, upper.slice(0, 12), 1)}`
    const platform = letters(random, base62, 12)
    const head =
      letters(random, base62, 52) + date + platform + (provider ?? letters(random, base62, 4)) + signature
    return head + sumV2(head).slice(0, 4)
  }
}
