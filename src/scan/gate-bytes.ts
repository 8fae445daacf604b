/** What the gate knows of single bytes: sets of bits, and the values of base64. */
import { byteClass } from './byte-class.ts'
import * as layout from './wasm/layout.ts'

/** The bits of `byteTable`. */
export function byteBits(): Uint8Array {
  const table = new Uint8Array(256)
  const sets: [number, string][] = [
    [layout.quadFirst, 'A-Za-f'],
    [layout.quadSecond, 'A-HQ-Xg-nw-z0-3'],
    [layout.quadThird, 'ABEFIJMNQRUVYZcdghklopstwx014589'],
    [layout.tokenBit, 'A-Za-z0-9_+/-'],
    [layout.hexBit, '0-9A-Fa-f'],
    [layout.highBit, '2-7'],
    [layout.printableBit, '\t\n\r -~'],
    [layout.addressBit, addressCharacters],
  ]
  for (const [bit, spec] of sets)
    byteClass(spec).forEach((is, byte) => (table[byte] = (table[byte] ?? 0) | (is * bit)))
  return table
}

/** What an address may hold besides percent escapes. */
export const addressCharacters = "A-Za-z0-9%!#$&'()*+,./:;=?@_~[]|{}^-"

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The value of each character of base64 and base64url, 64 for all others. */
export function base64Values(): Uint8Array {
  const table = new Uint8Array(256).fill(64)
  for (const [value, byte] of Buffer.from(base64).entries()) table[byte] = value
  table[0x2d] = 62
  table[0x5f] = 63
  return table
}

/** The bytes of `splats`: what is added with saturation to tell sums of kinds apart, and single bytes. */
export const splatBytes = [0x0f, 0x20, 112, 126, 120, 127, 0x25, 0x30, 9, 0x0a]

/**
 * What each byte is, by tables of its low and its high half, whose common bits are such that what counts together is a
 * number from some bit up: 128 digit, 64 and 32 letter, 16 `_`, 8 `+-/`, 4 `!#$%&*.~`, 2 `:=?@`, 1 NUL and `\` (and the
 * form feed, which shares its halves).
 */
export const kindHalves = [
  163, 228, 224, 228, 228, 228, 228, 224, 224, 224, 102, 72, 65, 74, 68, 90, 1, 0, 12, 130, 66, 49, 64, 36, 0,
  0, 0, 0, 0, 0, 0, 0,
]

/**
 * Hex digits by the halves of bytes: 1 and 2 a digit and a letter, 4 `2` to `7`, 8 `0`, 16 and 32 a digit and a letter
 * that end a control character that texts hold; then what is asked for: the first of a printable character, any digit,
 * the first and the last of a control character.
 */
export const hexHalves = vectors(
  [9, 35, 7, 7, 39, 7, 7, 5, 1, 17, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 29, 34, 0, 34, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [4],
  [3],
  [8],
  [48],
)

/**
 * Base64 of ASCII by the halves of bytes: bits 16 to 64 may stand first in a group, 1 to 8 second; what is asked for of
 * either; then the same for the third.
 */
export const quadHalves = vectors(
  [40, 121, 121, 121, 113, 113, 113, 103, 103, 102, 102, 66, 66, 66, 66, 64],
  [0, 0, 0, 8, 65, 33, 18, 4, 0, 0, 0, 0, 0, 0, 0, 0],
  [0x70],
  [0x0f],
  [17, 7, 6, 24, 25, 7, 6, 24, 25, 7, 6, 8, 8, 2, 2, 8],
  [0, 0, 0, 1, 2, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0],
)

/** One byte stands for sixteen. */
function vectors(...parts: readonly number[][]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (part.length > 1 ? part : Array.from({ length: 16 }, () => part[0] ?? 0))),
  )
}
