/**
 * The digit alphabets of token formats and writing numbers in them.
 */
export const digits = '0123456789'
export const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
export const lower = 'abcdefghijklmnopqrstuvwxyz'
export const hex = '0123456789abcdef'
/** Base62 in the order of GitHub, npm and most others. */
export const base62 = digits + upper + lower
export const base36 = digits + lower
export const base64 = `${upper}${lower}${digits}+/`
export const base64url = `${upper}${lower}${digits}-_`
export const base32 = `${upper}234567`

/** `value` written with `alphabet`, most significant first, filled on the left to `width`. */
export function encodeNumber(value: number | bigint, alphabet: string, width: number): string {
  const base = BigInt(alphabet.length)
  let rest = BigInt(value)
  let text = ''
  while (rest > 0n) {
    text = alphabet.charAt(Number(rest % base)) + text
    rest /= base
  }
  return text.padStart(width, alphabet.charAt(0))
}

/** The number `text` stands for, or null where a character is not of `alphabet`. */
export function decodeNumber(text: string, alphabet: string): bigint | null {
  const base = BigInt(alphabet.length)
  let value = 0n
  for (const character of text) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) return null
    value = value * base + BigInt(digit)
  }
  return value
}
