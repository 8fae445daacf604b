/**
 * Base58 as Bitcoin writes it, and with the digits in Ripple's order; base58check adds the first four bytes of a
 * double SHA-256. Source: Bitcoin's base58.h.
 */
import { createHash } from 'node:crypto'

export const bitcoinDigits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
export const rippleDigits = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz'

/** The bytes of `text`, or null where a character is no digit. */
export function decodeBase58(text: string, alphabet: string = bitcoinDigits): Buffer | null {
  let value = 0n
  for (const character of text) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) return null
    value = value * 58n + BigInt(digit)
  }
  const digits = value === 0n ? '' : value.toString(16)
  const zeros = /^(.)\1*/.exec(text)?.[0] ?? ''
  const leading = zeros.startsWith(alphabet.charAt(0)) ? zeros.length : 0
  return Buffer.concat([
    Buffer.alloc(leading),
    Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex'),
  ])
}

export function encodeBase58(bytes: Buffer, alphabet: string = bitcoinDigits): string {
  let value = bytes.length > 0 ? BigInt(`0x${bytes.toString('hex')}`) : 0n
  let text = ''
  while (value > 0n) {
    text = alphabet.charAt(Number(value % 58n)) + text
    value /= 58n
  }
  const leading = bytes.findIndex((byte) => byte !== 0)
  return alphabet.charAt(0).repeat(leading < 0 ? bytes.length : leading) + text
}

/** The bytes before a sum that is right, or null. */
export function decodeBase58Check(text: string, alphabet: string = bitcoinDigits): Buffer | null {
  const bytes = decodeBase58(text, alphabet)
  if (!bytes || bytes.length < 5) return null
  const body = bytes.subarray(0, -4)
  return doubleSha(body).subarray(0, 4).equals(bytes.subarray(-4)) ? body : null
}

export function encodeBase58Check(body: Buffer, alphabet: string = bitcoinDigits): string {
  return encodeBase58(Buffer.concat([body, doubleSha(body).subarray(0, 4)]), alphabet)
}

function doubleSha(bytes: Buffer): Buffer {
  return createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest()
}
