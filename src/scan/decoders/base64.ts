/**
 * Base64 and base64url of text, in one piece or wrapped into lines. The stretch comes from the prefilter and
 * begins at a group of four; one group more on either side may hold bytes beyond ASCII next to the text.
 */
import { base64Bytes } from '../byte-class.ts'
import type { Decoded } from '../text.ts'

const newline = 0x0a

/** The stretch [start, end) of `bytes` decoded. */
export function decodeBase64(bytes: Buffer, start: number, end: number): Decoded {
  const from = isGroup(bytes, start - 4) ? start - 4 : start
  const to = withTail(bytes, end)
  const { packed, breaks } = unwrap(bytes, from, to)
  const text = packed.toString('latin1')
  const at = (character: number) => from + character + gapsBefore(breaks, character)
  return {
    name: /[-_]/.test(text) ? 'base64url' : 'base64',
    bytes: Buffer.from(text, 'base64'),
    start: (offset) => at(Math.floor((offset * 4) / 3)),
    end: (offset) => (offset === 0 ? from : at(Math.ceil((offset * 4) / 3) - 1) + 1),
  }
}

function isGroup(bytes: Buffer, at: number): boolean {
  if (at < 0) return false
  for (let i = at; i < at + 4; i++) if (base64Bytes[bytes[i] ?? 0] === 0) return false
  return true
}

/** Up to one group more. */
function withTail(bytes: Buffer, end: number): number {
  let to = end
  while (to < end + 4 && base64Bytes[bytes[to] ?? 0] === 1) to++
  return to
}

interface Break {
  /** Characters of base64 before it. */
  after: number
  /** Bytes left out here and at all breaks before. */
  bytes: number
}

function unwrap(bytes: Buffer, from: number, to: number): { packed: Buffer; breaks: Break[] } {
  const stretch = bytes.subarray(from, to)
  if (!stretch.includes(newline) && !stretch.includes('\\n')) return { packed: stretch, breaks: [] }
  const packed = Buffer.alloc(stretch.length)
  const breaks: Break[] = []
  let length = 0
  for (let i = 0; i < stretch.length; i++) {
    const byte = stretch[i] ?? 0
    const written = byte === 0x5c
    if (!written && (base64Bytes[byte] === 1 || byte === 0x3d)) packed[length++] = byte
    else breaks.push({ after: length, bytes: (breaks.at(-1)?.bytes ?? 0) + (written ? 2 : 1) })
    if (written) i++
  }
  return { packed: packed.subarray(0, length), breaks }
}

function gapsBefore(breaks: readonly Break[], character: number): number {
  let low = 0
  let high = breaks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((breaks[middle]?.after ?? 0) <= character) low = middle + 1
    else high = middle
  }
  return breaks[low - 1]?.bytes ?? 0
}
