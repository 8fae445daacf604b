/** git's deltas: their sizes, and how they are applied where WebAssembly does not run. */
import { corrupt } from './wasm/layout.ts'

/** As `applyDelta` in `wasm/delta.ts`, in the memory that `bytes` and `words` show. */
export function applyDeltaHere(
  bytes: Buffer,
  words: Uint32Array,
  start: number,
  end: number,
  base: number,
  baseSize: number,
  out: number,
  outSize: number,
  copies: number,
): number {
  let at = start
  let made = 0
  let count = 0
  let madeUntil = -1
  let baseUntil = -1
  const next = () => bytes[at++] ?? 0
  while (at < end) {
    const op = next()
    if (op < 0x80) {
      if (op === 0 || op > end - at || op > outSize - made) return corrupt
      bytes.copyWithin(out + made, at, at + op)
      at += op
      made += op
      continue
    }
    let offset = 0
    let size = 0
    for (let bit = 0; bit < 4; bit++) if (op & (1 << bit)) offset += next() * 2 ** (8 * bit)
    for (let bit = 0; bit < 3; bit++) if (op & (16 << bit)) size += next() * 2 ** (8 * bit)
    if (size === 0) size = 0x10000
    if (at > end || offset > baseSize || size > baseSize - offset || size > outSize - made) return corrupt
    bytes.copyWithin(out + made, base + offset, base + offset + size)
    const triple = (copies >> 2) + 3 * count
    if (made === madeUntil && offset === baseUntil) words[triple - 1] = (words[triple - 1] ?? 0) + size
    else {
      words[triple] = made
      words[triple + 1] = offset
      words[triple + 2] = size
      count += 1
    }
    made += size
    madeUntil = made
    baseUntil = offset + size
  }
  return made === outSize ? count : corrupt
}

export interface DeltaSizes {
  baseSize: number
  size: number
  /** Where the instructions begin. */
  at: number
}

/** The sizes a delta begins with. Those beyond any memory come out as they are, for the caller to refuse. */
export function readDeltaSizes(bytes: Uint8Array, start: number, end: number): DeltaSizes {
  let at = start
  const next = () => {
    let value = 0
    let unit = 1
    let byte = 0x80
    while (byte & 0x80 && at < end) {
      byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * unit
      unit *= 128
    }
    return value
  }
  return { baseSize: next(), size: next(), at }
}

/** Bytes that the triples of a delta can take: a copy takes two bytes of it, or one where it makes 64 KiB. */
export function copiesRoom(deltaSize: number, size: number): number {
  return 12 * (Math.ceil(deltaSize / 2) + Math.ceil(size / 0x10000) + 2)
}
