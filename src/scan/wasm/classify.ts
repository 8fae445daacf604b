/**
 * Bytes sorted many at a time: halves of bytes are looked up in tables of 16, results become masks of 64 bits. Each
 * loop does one thing and stores its masks: with everything in one loop V8 keeps hardly anything in registers.
 */
import {
  byteTable,
  insideTables,
  kindTables,
  maskAnchors,
  maskAsked,
  maskOthers,
  maskPercents,
  maskTokens,
  maskValues,
  maskWords,
  pairSets,
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
  wordSets,
  wordTables,
} from './layout'

/**
 * Bytes of a table of 16 by numbers below 16. Where numbers beyond need not give zero, as `i8x16.swizzle` has it, x64
 * takes one instruction instead of two: the whole gate is faster by a sixth.
 */
@inline
function lookUp(table: v128, numbers: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, numbers) : i8x16.swizzle(table, numbers)
}

@inline
export function groupsOf(bytes: v128, low: v128, high: v128, half: v128): v128 {
  return v128.and(
    lookUp(low, v128.and(bytes, half)),
    lookUp(high, v128.and(i16x8.shr_u(bytes, 4), half)),
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

/** Each byte one place further, the last of `before` first. */
@inline
function behind(before: v128, bytes: v128): v128 {
  return i8x16.shuffle(before, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}

/**
 * Where four bytes between `start` and `stop`, letters small, may be those of an anchor that stands anywhere: a bit at the
 * last of them. Their groups are too many for one go.
 */
export function meet(start: usize, stop: usize, room: usize): void {
  meetSets(start, stop, room + maskAnchors, pairTables, load<u32>(pairSets))
}

/** The same for the words of contexts. */
export function meetWords(start: usize, stop: usize, to: usize): void {
  meetSets(start, stop, to, wordTables, load<u32>(wordSets))
}

function meetSets(start: usize, stop: usize, to: usize, tables: usize, sets: u32): void {
  meetGroups(start, stop, to, tables, false)
  for (let set: u32 = 1; set < sets; set++) meetGroups(start, stop, to, tables + ((set as usize) << 7), true)
}

/** The same for 64 places from `at` on and anchors that stand in runs of token characters. */
export function meetInside(at: usize, room: usize): u64 {
  meetGroups(at, at + 67, room + maskAsked, insideTables, false)
  return (load<u64>(room, maskAsked) >> 3) | ((load<u16>(room, maskAsked + 8) as u64) << 61)
}

/**
 * The halves of each byte are looked up once, and what the bytes before it allow moves along. The two bytes before `to`
 * are written too.
 */
@inline
function meetGroups(start: usize, stop: usize, to: usize, tables: usize, more: bool): void {
  const firstLow = v128.load(tables)
  const firstHigh = v128.load(tables + 16)
  const secondLow = v128.load(tables + 32)
  const secondHigh = v128.load(tables + 48)
  const thirdLow = v128.load(tables + 64)
  const thirdHigh = v128.load(tables + 80)
  const fourthLow = v128.load(tables + 96)
  const fourthHigh = v128.load(tables + 112)
  const half = splat(splatHalf)
  const small = splat(splatSmall)
  const anyUp = splat(splatAny)
  let out = to - 2
  let one = small
  let two = small
  let three = small
  for (let at = start - 16; at < stop; at += 16) {
    const bytes = v128.or(v128.load(at), small)
    const low = v128.and(bytes, half)
    const high = v128.and(i16x8.shr_u(bytes, 4), half)
    const first = v128.and(lookUp(firstLow, low), lookUp(firstHigh, high))
    const second = v128.and(
      v128.and(lookUp(secondLow, low), lookUp(secondHigh, high)),
      behind(one, first),
    )
    const third = v128.and(
      v128.and(lookUp(thirdLow, low), lookUp(thirdHigh, high)),
      behind(two, second),
    )
    const fourth = v128.and(
      v128.and(lookUp(fourthLow, low), lookUp(fourthHigh, high)),
      behind(three, third),
    )
    const met = i8x16.bitmask(i8x16.add_sat_u(fourth, anyUp))
    store<u16>(out, (more ? met | load<u16>(out) : met) as u16)
    one = first
    two = second
    three = third
    out += 2
  }
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
export function bitOf(map: usize, key: u32): u32 {
  return ((load<u8>(map + (key >> 3)) as u32) >> (key & 7)) & 1
}

@inline
export function mapped(map: usize, key: u32): bool {
  return bitOf(map, key) != 0
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
