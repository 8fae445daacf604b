/**
 * Bytes sorted many at a time: halves of bytes are looked up in tables of 16, results become masks of 64 bits. Each
 * loop does one thing and stores its masks: with everything in one loop V8 keeps hardly anything in registers.
 */
import {
  byteTable,
  insideTables,
  kindTables,
  maskAnchors,
  maskOthers,
  maskPercents,
  maskTokens,
  maskValues,
  maskWords,
  pairTables,
  splatAny,
  splatFeed,
  splatHalf,
  splatPercent,
  splatSmall,
  splats,
  splatToken,
  splatValue,
  splatWord,
  tokenBit,
} from './layout'

@inline
export function groupsOf(bytes: v128, low: v128, high: v128, half: v128): v128 {
  return v128.and(
    i8x16.swizzle(low, v128.and(bytes, half)),
    i8x16.swizzle(high, v128.and(i16x8.shr_u(bytes, 4), half)),
  )
}

/** The vector of one byte sixteen times at a place of `splats`: V8 would make a constant anew at each use. */
@inline
export function splat(number: i32): v128 {
  return v128.load(splats + 16 * number)
}

/** A bit for each byte that reaches 128 when `up` is added. */
@inline
function masks(a: v128, b: v128, c: v128, d: v128, up: v128): u64 {
  const near =
    (i8x16.bitmask(i8x16.add_sat_u(a, up)) as u32) | ((i8x16.bitmask(i8x16.add_sat_u(b, up)) as u32) << 16)
  const far =
    (i8x16.bitmask(i8x16.add_sat_u(c, up)) as u32) | ((i8x16.bitmask(i8x16.add_sat_u(d, up)) as u32) << 16)
  return (near as u64) | ((far as u64) << 32)
}

/** A bit for each of the 64 bytes at `at` that is `wanted`. */
@inline
export function equal(at: usize, wanted: v128): u64 {
  const near =
    (i8x16.bitmask(i8x16.eq(v128.load(at), wanted)) as u32) |
    ((i8x16.bitmask(i8x16.eq(v128.load(at, 16), wanted)) as u32) << 16)
  const far =
    (i8x16.bitmask(i8x16.eq(v128.load(at, 32), wanted)) as u32) |
    ((i8x16.bitmask(i8x16.eq(v128.load(at, 48), wanted)) as u32) << 16)
  return (near as u64) | ((far as u64) << 32)
}

/**
 * What the bytes from `start` to `stop` are, 64 at a time: with saturation the sums of `kindHalves` reach the top bit,
 * of words from 16 up, of values from 8 up, of tokens from 2 up, of others from 1 up.
 */
export function classify(start: usize, stop: usize, to: usize): void {
  const low = v128.load(kindTables)
  const high = v128.load(kindTables + 16)
  const half = splat(splatHalf)
  const wordUp = splat(splatWord)
  const valueUp = splat(splatValue)
  const tokenUp = splat(splatToken)
  const anyUp = splat(splatAny)
  const percent = splat(splatPercent)
  let out = to
  for (let at = start; at < stop; at += 64) {
    const a = groupsOf(v128.load(at), low, high, half)
    const b = groupsOf(v128.load(at, 16), low, high, half)
    const c = groupsOf(v128.load(at, 32), low, high, half)
    const d = groupsOf(v128.load(at, 48), low, high, half)
    const token = masks(a, b, c, d, tokenUp)
    store<u64>(out, masks(a, b, c, d, wordUp), maskWords)
    store<u64>(out, masks(a, b, c, d, valueUp), maskValues)
    store<u64>(out, token, maskTokens)
    store<u64>(out, masks(a, b, c, d, anyUp) & ~token, maskOthers)
    store<u64>(out, equal(at, percent), maskPercents)
    out += 8
  }
}

/**
 * A bit for each of the 16 places at `at` where four bytes, letters small, may be those of a text of these tables. They
 * are handed over, since V8 would load them anew in every turn of a loop.
 */
@inline
export function fourAt(
  at: usize,
  firstLow: v128,
  firstHigh: v128,
  secondLow: v128,
  secondHigh: v128,
  thirdLow: v128,
  thirdHigh: v128,
  fourthLow: v128,
  fourthHigh: v128,
  small: v128,
  half: v128,
  anyUp: v128,
): u32 {
  const groups = v128.and(
    v128.and(
      groupsOf(v128.or(v128.load(at), small), firstLow, firstHigh, half),
      groupsOf(v128.or(v128.load(at, 1), small), secondLow, secondHigh, half),
    ),
    v128.and(
      groupsOf(v128.or(v128.load(at, 2), small), thirdLow, thirdHigh, half),
      groupsOf(v128.or(v128.load(at, 3), small), fourthLow, fourthHigh, half),
    ),
  )
  return i8x16.bitmask(i8x16.add_sat_u(groups, anyUp)) as u32
}

/** Where four bytes from `start` to `stop`, letters small, may be those of an anchor that stands anywhere. */
export function meet(start: usize, stop: usize, to: usize): void {
  const firstLow = v128.load(pairTables)
  const firstHigh = v128.load(pairTables + 16)
  const secondLow = v128.load(pairTables + 32)
  const secondHigh = v128.load(pairTables + 48)
  const thirdLow = v128.load(pairTables + 64)
  const thirdHigh = v128.load(pairTables + 80)
  const fourthLow = v128.load(pairTables + 96)
  const fourthHigh = v128.load(pairTables + 112)
  const half = splat(splatHalf)
  const small = splat(splatSmall)
  const anyUp = splat(splatAny)
  let out = to + maskAnchors
  for (let at = start; at < stop; at += 16) {
    const met = fourAt(
      at,
      firstLow,
      firstHigh,
      secondLow,
      secondHigh,
      thirdLow,
      thirdHigh,
      fourthLow,
      fourthHigh,
      small,
      half,
      anyUp,
    )
    store<u16>(out, met as u16)
    out += 2
  }
}

/** The same for the 64 bytes at `at` and anchors that stand in runs of token characters. */
export function meetInside(at: usize): u64 {
  return insideOf(at) | (insideOf(at + 16) << 16) | (insideOf(at + 32) << 32) | (insideOf(at + 48) << 48)
}

function insideOf(at: usize): u64 {
  return fourAt(
    at,
    v128.load(insideTables),
    v128.load(insideTables + 16),
    v128.load(insideTables + 32),
    v128.load(insideTables + 48),
    v128.load(insideTables + 64),
    v128.load(insideTables + 80),
    v128.load(insideTables + 96),
    v128.load(insideTables + 112),
    splat(splatSmall),
    splat(splatHalf),
    splat(splatAny),
  ) as u64
}

@inline
export function bits(place: usize): u32 {
  return load<u8>(byteTable + (load<u8>(place) as i32)) as u32
}

/** A character of values. */
export function isValue(place: usize): bool {
  return (bits(place) & tokenBit) != 0
}

/** One bit of a map of 64 Kbit. */
@inline
export function mapped(map: usize, key: u32): bool {
  return ((load<u8>(map + (key >> 3)) >> ((key & 7) as u8)) & 1) != 0
}

/** Line feeds in [start, stop). */
export function countLines(start: usize, stop: usize): u32 {
  const feed = splat(splatFeed)
  let count: u32 = 0
  let at = start
  for (; at + 16 <= stop; at += 16) count += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(at), feed)) as u32)
  for (; at < stop; at++) count += load<u8>(at) == 0x0a ? 1 : 0
  return count
}
