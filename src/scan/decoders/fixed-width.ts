/** Encodings in which every byte of the text takes the same room: hex digits and UTF-16 of ASCII. */
import type { Decoded } from '../text.ts'

/** Pairs of hex digits. */
export function decodeHex(bytes: Buffer, start: number, end: number): Decoded {
  return twoEach('hex', Buffer.from(bytes.toString('latin1', start, end), 'hex'), start)
}

/** UTF-16 of ASCII; the byte order shows in which byte of a pair is zero. */
export function decodeUtf16(bytes: Buffer, start: number, end: number): Decoded {
  const bigEndian = bytes[start] === 0
  const text = Buffer.alloc((end - start) >> 1)
  for (let i = 0; i < text.length; i++) text[i] = bytes[start + 2 * i + (bigEndian ? 1 : 0)] ?? 0
  return twoEach(bigEndian ? 'utf-16be' : 'utf-16le', text, start)
}

function twoEach(name: string, text: Buffer, start: number): Decoded {
  return { name, bytes: text, start: (offset) => start + 2 * offset, end: (offset) => start + 2 * offset }
}
