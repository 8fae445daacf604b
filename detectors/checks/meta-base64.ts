/** Meta's base64: letters and digits only, with `Z` `+` `/` `=` written ZA, ZB, ZC and ZD. */
import { strictBase64 } from './base64.ts'

const signs: Readonly<Record<string, string>> = { ZA: 'Z', ZB: '+', ZC: '/', ZD: '=' }

/** The bytes of `text`, or null where it holds another letter after a Z or is no padded base64. */
export function readMeta(text: string): Buffer | null {
  if (/Z(?![A-D])/.test(text)) return null
  const plain = text.replace(/Z[A-D]/g, (pair) => signs[pair] ?? pair)
  return strictBase64(plain, { alphabet: 'standard', padding: 'full' })
}

/** `bytes` so written. */
export function writeMeta(bytes: Uint8Array): string {
  const plain = Buffer.from(bytes).toString('base64')
  return plain.replace(/[Z+/=]/g, (sign) => `Z${'ABCD'.charAt('Z+/='.indexOf(sign))}`)
}
