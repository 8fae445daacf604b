/**
 * What an AWS access key id says about itself: the 16 characters after the prefix are base32, and 40 bits of
 * them are the account number. Sources: T. Be'ery 2023, TruffleHog; checked against public pairs.
 */
import { encodeNumber } from './alphabets.ts'
import { encodeBase32, strictBase32 } from './base64.ts'
import { type Random, randomBytes } from './random.ts'

/** The 12-digit account number in `id`, null for ids made before numbers were put in, undefined where it cannot be one. */
export function awsAccount(id: string): string | null | undefined {
  if (/^[IJ]/.test(id.slice(4))) return null
  const bytes = strictBase32(id.slice(4))
  if (bytes?.length !== 10) return undefined
  const number = (BigInt(bytes.readUIntBE(0, 6)) & 0x7fffffffff80n) >> 7n
  return number < 10n ** 12n ? encodeNumber(number, '0123456789', 12) : undefined
}

/** A made-up id of `account` (12 digits). */
export function mintAwsId(random: Random, account: string, prefix = 'AKIA'): string {
  const head = Buffer.alloc(6)
  head.writeUIntBE(Number((BigInt(account) << 7n) | 0x800000000000n), 0, 6)
  return prefix + encodeBase32(Buffer.concat([head, randomBytes(random, 4)]))
}
