/** Stretches of a run that may be base64 or hex of text, and where they end. */
import { bits, groupsOf, splat } from './classify'
import {
  hexBit,
  hexControl,
  hexDigits,
  hexOfText,
  hexTables,
  hexZero,
  highBit,
  quadFirst,
  quadFirsts,
  quadSecond,
  quadSeconds,
  quadTables,
  quadThird,
  splatAny,
  splatHalf,
  tokenBit,
} from './layout'
import { end } from './state'

/** Where the next base64 of a run begins, or its end. */
export function findBase64(start: usize, stop: usize): usize {
  // 32 places at a time give twenty at which four groups can be told to begin.
  for (let at = start; at + 16 <= stop; at += 20) {
    let first = quadMask(at)
    first &= (first >> 4) & (first >> 8) & (first >> 12) & 0xfffff
    while (first != 0) {
      const place = at + (ctz(first) as usize)
      if (place + 16 > stop) return stop
      if (base64End(place) != 0) return place
      first &= first - 1
    }
  }
  return stop
}

/** A bit for each of 32 places at which three characters begin that may begin a group. */
function quadMask(at: usize): u32 {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const firsts = quadKinds(a, b, quadFirsts)
  const seconds = (quadKinds(a, b, quadSeconds) as u64) | ((quadKinds(c, c, quadSeconds) as u64) << 32)
  const thirds = (quadThirds(a, b) as u64) | ((quadThirds(c, c) as u64) << 32)
  return firsts & ((seconds >> 1) as u32) & ((thirds >> 2) as u32)
}

/** Characters that may be the first or second of a group that encodes ASCII. */
function quadKinds(a: v128, b: v128, wanted: i32): u32 {
  const low = v128.load(quadTables)
  const high = v128.load(quadTables + 16)
  const kind = v128.load(quadTables + wanted)
  return anyOf(
    v128.and(groupsOf(a, low, high, splat(splatHalf)), kind),
    v128.and(groupsOf(b, low, high, splat(splatHalf)), kind),
  )
}

function quadThirds(a: v128, b: v128): u32 {
  const low = v128.load(quadTables + 64)
  const high = v128.load(quadTables + 80)
  return anyOf(groupsOf(a, low, high, splat(splatHalf)), groupsOf(b, low, high, splat(splatHalf)))
}

function anyOf(a: v128, b: v128): u32 {
  const up = splat(splatAny)
  return (
    (i8x16.bitmask(i8x16.add_sat_u(a, up)) as u32) | ((i8x16.bitmask(i8x16.add_sat_u(b, up)) as u32) << 16)
  )
}

/** Where the next hex text of a run begins, or its end. */
export function findHex(start: usize, stop: usize): usize {
  let place = start
  while (place + 32 <= stop) {
    // From behind: one character that is no hex digit rules out all places up to it.
    let last = place + 31
    while (last >= place && isHex(last)) last--
    if (last >= place) {
      place = last + 1
      continue
    }
    const begun = hexBegins(place)
    if (begun != 0) {
      const first = place + (ctz(begun) as usize)
      return first + 32 <= stop ? first : stop
    }
    place += 33
  }
  return stop
}

/** A bit for each of 33 places at which sixteen pairs begin as `hexEnd` asks for them. */
function hexBegins(at: usize): u64 {
  const low = v128.load(hexTables)
  const high = v128.load(hexTables + 16)
  const half = splat(splatHalf)
  const a = groupsOf(v128.load(at), low, high, half)
  const b = groupsOf(v128.load(at, 16), low, high, half)
  const c = groupsOf(v128.load(at, 32), low, high, half)
  const d = groupsOf(v128.load(at, 48), low, high, half)
  const text = hexKinds(a, b, c, d, hexOfText) & (hexKinds(a, b, c, d, hexDigits) >> 1)
  const pairs = text | (hexKinds(a, b, c, d, hexZero) & (hexKinds(a, b, c, d, hexControl) >> 1))
  const two = pairs & (pairs >> 2)
  const four = two & (two >> 4)
  const eight = four & (four >> 8)
  return eight & (eight >> 16) & 0x1ffffffff
}

/** Of 64 bytes by their groups those that are of a kind. */
@inline
function hexKinds(a: v128, b: v128, c: v128, d: v128, kind: i32): u64 {
  const wanted = v128.load(hexTables + kind)
  const near = anyOf(v128.and(a, wanted), v128.and(b, wanted))
  return (near as u64) | ((anyOf(v128.and(c, wanted), v128.and(d, wanted)) as u64) << 32)
}

function isQuad(place: usize): bool {
  return (
    (bits(place) & quadFirst) != 0 &&
    (bits(place + 1) & quadSecond) != 0 &&
    (bits(place + 2) & quadThird) != 0 &&
    (bits(place + 3) & tokenBit) != 0 &&
    place + 4 <= end
  )
}

/** Four groups of base64 in a row and one more, which like all after it may stand behind a line break; 0 if not. */
export function base64End(start: usize): usize {
  if (!isQuad(start) || !isQuad(start + 4) || !isQuad(start + 8) || !isQuad(start + 12)) return 0
  let place = start + 16
  let groups = 4
  while (true) {
    const next = isQuad(place) ? place : behindBreak(place)
    if (next == 0 || !isQuad(next)) break
    place = next + 4
    groups++
  }
  if (groups < 5) return 0
  let tail: usize = 0
  while (tail < 4 && place + tail < end && (bits(place + tail) & tokenBit) != 0) tail++
  if (tail < 2) return place
  place += tail
  for (let i = 0; i < 2; i++) if (place < end && load<u8>(place) == 0x3d) place++
  return place
}

/** Where the line goes on after a line break and blanks, or after `\n` as strings hold it; 0 where no line ends. */
export function behindBreak(place: usize): usize {
  const byte = load<u8>(place)
  if (byte == 0x5c) return load<u8>(place + 1) == 0x6e ? place + 2 : 0
  let next = place
  if (byte == 0x0d) next++
  if (load<u8>(next) != 0x0a) return 0
  next++
  for (let i = 0; i < 16; i++) {
    const blank = load<u8>(next)
    if (blank != 0x20 && blank != 0x09) break
    next++
  }
  return next
}

/** Sixteen or more pairs of hex digits that stand for ASCII; 0 if not. */
export function hexEnd(start: usize): usize {
  let place = start
  while (place + 2 <= end) {
    const first = load<u8>(place)
    const second = bits(place + 1)
    if ((bits(place) & highBit) != 0 ? (second & hexBit) == 0 : first != 0x30 || !isControl(place + 1)) break
    place += 2
  }
  return place - start >= 32 ? place : 0
}

function isControl(place: usize): bool {
  const byte = load<u8>(place)
  return byte == 0x39 || (byte | 0x20) == 0x61 || (byte | 0x20) == 0x64
}

function isHex(place: usize): bool {
  return (bits(place) & hexBit) != 0
}
