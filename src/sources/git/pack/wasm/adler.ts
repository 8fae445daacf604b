/** Adler-32, sixteen bytes at a time, written in AssemblyScript. */

/** Additions before a sum of 32 bits could pass its end. */
const chunk: usize = 5552

export function adler32(from: usize, end: usize): u32 {
  let a: u32 = 1
  let b: u32 = 0
  const weights = v128(16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
  while (from < end) {
    const stop = end - from > chunk ? from + chunk : end
    const blocks = (stop - from) >> 4
    if (blocks > 0) {
      b += a * ((blocks << 4) as u32)
      let sums = i64x2.splat(0)
      let before = i64x2.splat(0)
      let weighted = i64x2.splat(0)
      for (const last = from + (blocks << 4); from < last; from += 16) {
        const bytes = v128.load(from)
        before = i32x4.add(before, sums)
        sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
        weighted = i32x4.add(
          weighted,
          i32x4.extadd_pairwise_i16x8_u(
            i16x8.add(i16x8.extmul_low_i8x16_u(bytes, weights), i16x8.extmul_high_i8x16_u(bytes, weights)),
          ),
        )
      }
      a += total(sums)
      b += (total(before) << 4) + total(weighted)
    }
    for (; from < stop; from++) {
      a += load<u8>(from) as u32
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return (b << 16) | a
}

function total(sums: v128): u32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  )
}
