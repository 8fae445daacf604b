/** git's deltas, applied within one memory and listed as copies, written in AssemblyScript. */
import { corrupt, shuffles } from './layout'

/**
 * Makes `outSize` bytes at `out` from the base and what stands between `at` and `end`, a delta behind its two sizes.
 * Writes a triple for each copy to `copies`: offset in the result, offset in the base, length; copies that continue
 * one another are one. Answers the number of triples, or a number below 0.
 */
export function applyDelta(
  at: usize,
  end: usize,
  base: usize,
  baseSize: u32,
  out: usize,
  outSize: u32,
  copies: usize,
): i32 {
  const firstCopy = copies
  let made: u32 = 0
  /** Where the last copy ended, in the result and in the base. */
  let madeUntil: u32 = 0xffffffff
  let baseUntil: u32 = 0xffffffff
  while (at < end) {
    const op = load<u8>(at) as u32
    at++
    if (op < 0x80) {
      if (op == 0 || op > ((end - at) as u32) || op > outSize - made) return corrupt
      const to = out + (made as usize)
      v128.store(to, v128.load(at))
      v128.store(to, v128.load(at, 16), 16)
      for (let i: usize = 32; i < (op as usize); i += 16) v128.store(to + i, v128.load(at + i))
      at += op as usize
      made += op
      continue
    }
    // Each of the low bits says whether a byte of offset or size is there; a shuffle puts those that are in place.
    const kind = op & 0x7f
    const fields = i8x16.swizzle(v128.load64_zero(at), v128.load(shuffles + ((kind as i32) << 4)))
    at += popcnt(kind) as usize
    const offset = i32x4.extract_lane(fields, 0) as u32
    const stated = i32x4.extract_lane(fields, 1) as u32
    const size: u32 = stated == 0 ? 0x10000 : stated
    if (at > end || offset > baseSize || size > baseSize - offset || size > outSize - made) return corrupt
    const from = base + (offset as usize)
    const to = out + (made as usize)
    if (size <= 512) {
      v128.store(to, v128.load(from))
      v128.store(to, v128.load(from, 16), 16)
      for (let i: usize = 32; i < (size as usize); i += 16) v128.store(to + i, v128.load(from + i))
    } else memory.copy(to, from, size as usize)
    if (made == madeUntil && offset == baseUntil) {
      store<u32>(copies - 4, load<u32>(copies - 4) + size)
    } else {
      store<u32>(copies, made)
      store<u32>(copies, offset, 4)
      store<u32>(copies, size, 8)
      copies += 12
    }
    made += size
    madeUntil = made
    baseUntil = offset + size
  }
  return made == outSize ? (((copies - firstCopy) / 12) as i32) : corrupt
}

/** For each kind of copy, from where in its bytes those of offset and size come; 0x80 gives none. */
export function buildShuffles(): void {
  for (let kind = 0; kind < 128; kind++) {
    const row = shuffles + (kind << 4)
    v128.store(row, i8x16.splat(-128))
    let next: u8 = 0
    for (let bit = 0; bit < 7; bit++) {
      if ((kind & (1 << bit)) == 0) continue
      store<u8>(row + bit, next)
      next++
    }
  }
}
