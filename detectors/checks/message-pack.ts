/** MessagePack walked without being built: where each value ends, and what a macaroon of Fly.io must hold. */

/** Where the value that begins at `at` ends, or -1 where it is none. */
function messagePackEnd(bytes: Buffer, at: number, depth = 0): number {
  const head = bytes[at]
  if (head === undefined || depth > 16) return -1
  if (head < 0x80 || head >= 0xe0 || head === 0xc0 || head === 0xc2 || head === 0xc3) return at + 1
  if (head < 0x90) return items(bytes, at + 1, 2 * (head & 15), depth)
  if (head < 0xa0) return items(bytes, at + 1, head & 15, depth)
  if (head < 0xc0) return within(bytes, at + 1 + (head & 31))
  const fixed = fixedLength[head]
  if (fixed !== undefined) return within(bytes, at + 1 + fixed)
  const counted = countedLength[head]
  if (counted === undefined || at + 1 + counted.width > bytes.length) return -1
  const count = bytes.readUIntBE(at + 1, counted.width)
  const start = at + 1 + counted.width
  if (counted.of === 'bytes') return within(bytes, start + count + counted.more)
  return items(bytes, start, counted.of === 'pairs' ? 2 * count : count, depth)
}

/** Numbers, and extensions of a fixed length with their type byte. */
const fixedLength: Readonly<Record<number, number>> = {
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
  0xd4: 2,
  0xd5: 3,
  0xd6: 5,
  0xd7: 9,
  0xd8: 17,
}

interface Counted {
  width: number
  of: 'bytes' | 'values' | 'pairs'
  more: number
}

const bytesOf = (width: number, more = 0): Counted => ({ width, of: 'bytes', more })
const countedLength: Readonly<Record<number, Counted>> = {
  0xc4: bytesOf(1),
  0xc5: bytesOf(2),
  0xc6: bytesOf(4),
  0xc7: bytesOf(1, 1),
  0xc8: bytesOf(2, 1),
  0xc9: bytesOf(4, 1),
  0xd9: bytesOf(1),
  0xda: bytesOf(2),
  0xdb: bytesOf(4),
  0xdc: { width: 2, of: 'values', more: 0 },
  0xdd: { width: 4, of: 'values', more: 0 },
  0xde: { width: 2, of: 'pairs', more: 0 },
  0xdf: { width: 4, of: 'pairs', more: 0 },
}

function within(bytes: Buffer, end: number): number {
  return end <= bytes.length ? end : -1
}

function items(bytes: Buffer, from: number, count: number, depth: number): number {
  let at = from
  for (let i = 0; i < count && at >= 0; i++) at = messagePackEnd(bytes, at, depth + 1)
  return at
}

/** How many values the array at `at` has, or -1 where there is none. */
function arrayLength(bytes: Buffer, at: number): number {
  const head = bytes[at] ?? 0
  if (head >= 0x90 && head < 0xa0) return head & 15
  return head === 0xdc && at + 3 <= bytes.length ? bytes.readUInt16BE(at + 1) : -1
}

/** True for a macaroon of Fly.io: nonce, location, caveats, 32 bytes of tail and nothing after. */
export function messagePackMacaroon(bytes: Buffer): boolean {
  if (bytes[0] !== 0x94 || arrayLength(bytes, 1) !== 3) return false
  const location = messagePackEnd(bytes, 1)
  const head = bytes[location] ?? 0
  const isText = location > 0 && ((head >= 0xa0 && head < 0xc0) || head === 0xd9 || head === 0xda)
  const caveats = isText ? messagePackEnd(bytes, location) : -1
  if (caveats < 0 || arrayLength(bytes, caveats) < 0 || arrayLength(bytes, caveats) % 2 !== 0) return false
  const tail = messagePackEnd(bytes, caveats)
  return tail > 0 && bytes[tail] === 0xc4 && bytes[tail + 1] === 32 && tail + 34 === bytes.length
}
