/** Which decoder a stretch that may be encoded text goes to. */
import { decodeBase64 } from './decoders/base64.ts'
import { decodePercent, decodeUnicode } from './decoders/escapes.ts'
import { decodeHex, decodeUtf16 } from './decoders/fixed-width.ts'
import type { Decoded } from './text.ts'

/** How often decoded text is decoded again. */
export const maxDepth = 3

/**
 * The decoded form of each stretch: start and end, one after the other, as the prefilter lists them. Several
 * escapes in one string are decoded once.
 */
export function* decodeAll(bytes: Buffer, stretches: ArrayLike<number>): Generator<Decoded> {
  let escapesUntil = 0
  for (let i = 0; i < stretches.length; i += 2) {
    const start = stretches[i] ?? 0
    const end = stretches[i + 1] ?? start
    const first = bytes[start]
    if (first === 0x25 || first === 0x5c) {
      if (start < escapesUntil) continue
      const { decoded, until } = first === 0x25 ? decodePercent(bytes, start) : decodeUnicode(bytes, start)
      escapesUntil = until
      yield decoded
    } else if (first === 0 || bytes[start + 1] === 0) yield decodeUtf16(bytes, start, end)
    else if (isDigit(first)) yield decodeHex(bytes, start, end)
    else yield decodeBase64(bytes, start, end)
  }
}

/** Only hex stretches begin with a digit: the first byte of an ASCII text in base64 is a letter. */
function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
