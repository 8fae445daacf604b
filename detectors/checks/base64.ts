/**
 * Base64 and base32 read strictly: one alphabet, padding as stated, and no stray bits (bits of the last
 * character beyond the last whole byte are zero). Node's own decoder forgives all three, and each of them
 * tells a minted token from a look-alike.
 */
import { base32, base64, base64url } from './alphabets.ts'

export interface Base64Form {
  /** `url`: `-_`; `standard`: `+/`. Default `url`. */
  alphabet?: 'url' | 'standard'
  /** `none`: no `=` at all; `full`: as many as belong there; `any`: either. Default `none`. */
  padding?: 'none' | 'full' | 'any'
}

/** The bytes of `text`, or null where it is not strict base64. */
export function strictBase64(text: string, form: Base64Form = {}): Buffer | null {
  const padding = form.padding ?? 'none'
  const body = text.replace(/=+$/, '')
  const signs = text.length - body.length
  const expected = (4 - (body.length % 4)) % 4
  if (body.length % 4 === 1) return null
  if (padding === 'none' && signs > 0) return null
  if (padding === 'full' && signs !== expected) return null
  if (padding === 'any' && signs > 0 && signs !== expected) return null
  const url = form.alphabet !== 'standard'
  if (!(url ? /^[A-Za-z0-9_-]*$/ : /^[A-Za-z0-9+/]*$/).test(body)) return null
  if (hasStrayBits(body, url ? base64url : base64)) return null
  return Buffer.from(body, url ? 'base64url' : 'base64')
}

function hasStrayBits(body: string, alphabet: string): boolean {
  const rest = body.length % 4
  if (rest === 0) return false
  const last = alphabet.indexOf(body.charAt(body.length - 1))
  return (last & (rest === 2 ? 15 : 3)) !== 0
}

/** The bytes of `text` in base32 of `alphabet` without padding, or null: foreign characters or stray bits. */
export function strictBase32(text: string, alphabet: string = base32): Buffer | null {
  const bytes: number[] = []
  let buffer = 0
  let bits = 0
  for (const character of text) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) return null
    buffer = ((buffer << 5) | digit) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((buffer >>> bits) & 0xff)
  }
  if ((buffer & ((1 << bits) - 1)) !== 0 || bits >= 5) return null
  return Buffer.from(bytes)
}

/** `bytes` in base32 of `alphabet`, without padding. */
export function encodeBase32(bytes: Uint8Array, alphabet: string = base32): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((buffer >>> bits) & 31)
    }
  }
  return bits > 0 ? text + alphabet.charAt((buffer << (5 - bits)) & 31) : text
}

/** The JSON object that `text` (strict base64) encodes, or null. */
export function base64Json(text: string, form: Base64Form = {}): Record<string, unknown> | null {
  const bytes = strictBase64(text, form)
  return bytes && jsonObject(bytes.toString('utf8'))
}

/** The JSON object in `text`, or null where it is anything else. */
export function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
