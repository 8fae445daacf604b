/** git's deltas, applied within one memory and listed as copies, written in AssemblyScript. */
import { corrupt } from './layout'

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
      for (let i: usize = 16; i < (op as usize); i += 16) v128.store(to + i, v128.load(at + i))
      at += op as usize
      made += op
      continue
    }
    let offset: u32 = 0
    let size: u32 = 0
    // Seven bytes at most; those behind the end are readable, and the end is looked at below.
    if ((op & 0x01) != 0) offset = load<u8>(at++) as u32
    if ((op & 0x02) != 0) offset |= (load<u8>(at++) as u32) << 8
    if ((op & 0x04) != 0) offset |= (load<u8>(at++) as u32) << 16
    if ((op & 0x08) != 0) offset |= (load<u8>(at++) as u32) << 24
    if ((op & 0x10) != 0) size = load<u8>(at++) as u32
    if ((op & 0x20) != 0) size |= (load<u8>(at++) as u32) << 8
    if ((op & 0x40) != 0) size |= (load<u8>(at++) as u32) << 16
    if (size == 0) size = 0x10000
    if (at > end || offset > baseSize || size > baseSize - offset || size > outSize - made) return corrupt
    const from = base + (offset as usize)
    const to = out + (made as usize)
    if (size <= 256) {
      v128.store(to, v128.load(from))
      for (let i: usize = 16; i < (size as usize); i += 16) v128.store(to + i, v128.load(from + i))
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
