/**
 * The gate over all bytes, written in AssemblyScript and compiled to WebAssembly with SIMD. Bytes are classified
 * 64 at a time into masks of bits; what is done for single bytes is done only where a mask has a bit, so that the
 * cost does not depend on the number of anchors. Exactly what `prefilter.ts` yields comes out, less the anchors that
 * stand where no token may begin.
 */
import {
  anchorKind,
  byteTable,
  counts,
  digitBit,
  entries,
  escapeKind,
  hexBit,
  highBit,
  longChains,
  longMap,
  pairChains,
  pairMap,
  pairTables,
  printableBit,
  quadFirst,
  quadSecond,
  quadThird,
  shortChains,
  shortMap,
  tokenBit,
} from './layout'

let from: usize = 0
let end: usize = 0
let anchorOut: usize = 0
let anchorEnd: usize = 0
let runOut: usize = 0
let encodedOut: usize = 0
/** Encoded stretches do not overlap: where the last one ended. */
let encodedUntil: usize = 0
let wantsRuns: bool = false

/**
 * Reads `length` bytes at `input` and writes positions (anchors) and pairs of positions (runs, encoded stretches), 32
 * bits each. Answers 0 when there was no room for all anchors.
 */
export function gate(
  input: usize,
  length: usize,
  runsWanted: bool,
  anchorsAt: usize,
  anchorsEnd: usize,
  runsAt: usize,
  encodedAt: usize,
): bool {
  from = input
  end = input + length
  anchorOut = anchorsAt
  anchorEnd = anchorsEnd
  runOut = runsAt
  encodedOut = encodedAt
  encodedUntil = input
  wantsRuns = runsWanted

  // Bits: 1 digit, 2 and 4 letter, 8 `_`, 16 `+-/`, 32 `%`, 64 `\`, 128 NUL, ESC (and two more that share their halves).
  const classLow = v128(-0x7b, 7, 7, 7, 7, 0x27, 7, 7, 7, 7, 6, -0x6e, 0x42, 0x12, 2, 0x1a)
  const classHigh = v128(-0x80, -0x80, 0x30, 1, 2, 0x4c, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0)
  const low = i8x16.splat(0x0f)
  const words = i8x16.splat(0x0f)
  const tokens = i8x16.splat(0x1f)
  const firstLow = v128.load(pairTables)
  const firstHigh = v128.load(pairTables + 16)
  const secondLow = v128.load(pairTables + 32)
  const secondHigh = v128.load(pairTables + 48)
  const zero = i8x16.splat(0)

  let wordBefore: u64 = 0
  let t1: u64 = 0
  let t2: u64 = 0
  let t4: u64 = 0
  let t8: u64 = 0
  let t16: u64 = 0
  let runStart: usize = input
  // The first byte behind the text ends what goes on to its end.
  for (let at: usize = input; at <= end; at += 64) {
    let word: u64 = 0
    let token: u64 = 0
    let special: u64 = 0
    let pairs: u64 = 0
    let firsts: v128 = zero
    for (let part: usize = 0; part < 64; part += 16) {
      const bytes = v128.load(at + part)
      const lows = v128.and(bytes, low)
      const highs = i8x16.shr_u(bytes, 4)
      const kind = v128.and(i8x16.swizzle(classLow, lows), i8x16.swizzle(classHigh, highs))
      word |= (i8x16.bitmask(i8x16.ne(v128.and(kind, words), zero)) as u64) << part
      token |= (i8x16.bitmask(i8x16.ne(v128.and(kind, tokens), zero)) as u64) << part
      special |= (i8x16.bitmask(i8x16.gt_u(kind, tokens)) as u64) << part
      firsts = v128.and(i8x16.swizzle(firstLow, lows), i8x16.swizzle(firstHigh, highs))
      const next = v128.load(at + part + 1)
      const seconds = v128.and(
        i8x16.swizzle(secondLow, v128.and(next, low)),
        i8x16.swizzle(secondHigh, i8x16.shr_u(next, 4)),
      )
      pairs |= (i8x16.bitmask(i8x16.ne(v128.and(firsts, seconds), zero)) as u64) << part
    }

    let starts = word & ~((word << 1) | wordBefore)
    wordBefore = word >> 63
    while (starts != 0) {
      tryStart(at + (ctz(starts) as usize))
      starts &= starts - 1
    }
    while (pairs != 0) {
      tryPair(at + (ctz(pairs) as usize))
      pairs &= pairs - 1
    }

    // Bit n of the last one: the sixteen characters that end at n are all of tokens.
    const n2 = token & ((token << 1) | (t1 >> 63))
    const n4 = n2 & ((n2 << 2) | (t2 >> 62))
    const n8 = n4 & ((n4 << 4) | (t4 >> 60))
    const n16 = n8 & ((n8 << 8) | (t8 >> 56))
    const before = (n16 << 1) | (t16 >> 63)
    const grown = n16 & ~before
    const ended = ~token & before
    t1 = token
    t2 = n2
    t4 = n4
    t8 = n8
    t16 = n16
    let events = grown | ended | special
    while (events != 0) {
      const bit = ctz(events)
      const place = at + (bit as usize)
      const mask = (1 as u64) << bit
      if ((grown & mask) != 0) runStart = place - 15
      else {
        if ((ended & mask) != 0) takeRun(runStart, place)
        if (place < end && (special & mask) != 0) takeSpecial(place)
      }
      events &= events - 1
    }
  }
  store<u32>(counts, ((anchorOut - anchorsAt) >> 2) as u32)
  store<u32>(counts + 4, ((runOut - runsAt) >> 2) as u32)
  store<u32>(counts + 8, ((encodedOut - encodedAt) >> 2) as u32)
  return anchorOut < anchorEnd
}

function bits(place: usize): u32 {
  return load<u8>(byteTable + (load<u8>(place) as i32)) as u32
}

function mapped(map: usize, key: u32): bool {
  return ((load<u8>(map + (key >> 3)) >> ((key & 7) as u8)) & 1) != 0
}

/** A place where a word begins, or a token after an escape. */
function tryStart(place: usize): void {
  const four = load<u32>(place)
  const long = (four * 0x9e3779b1) >> 16
  const short = ((four << 8) * 0x9e3779b1) >> 16
  if (mapped(longMap, long)) follow(load<u16>(longChains + ((long as i32) << 1)), place)
  if (mapped(shortMap, short)) follow(load<u16>(shortChains + ((short as i32) << 1)), place)
}

function tryPair(place: usize): void {
  const pair = load<u16>(place) as u32
  if (mapped(pairMap, pair)) follow(load<u16>(pairChains + ((pair as i32) << 1)), place)
}

/** Goes through the entries of one hash or pair. */
function follow(first: u16, place: usize): void {
  for (let number = first; number != 0; ) {
    const entry = entries + ((number as i32) << 4)
    const begin = place - (load<u16>(entry, 4) as usize)
    if (begin >= from && isText(begin, load<u32>(entry, 8) as usize, load<u16>(entry, 2) as usize)) {
      if (load<u16>(entry, 6) == anchorKind) takeAnchor(begin)
      else if (load<u8>(place - 1) == 0x3d) tryStart(place + 2)
    }
    number = load<u16>(entry)
  }
}

function isText(place: usize, text: usize, length: usize): bool {
  if (place + length > end) return false
  for (let i: usize = 0; i < length; i++) if (load<u8>(place + i) != load<u8>(text + i)) return false
  return true
}

function takeAnchor(place: usize): void {
  if (anchorOut >= anchorEnd) return
  store<u32>(anchorOut, (place - from) as u32)
  anchorOut += 4
}

function takeEncoded(start: usize, stop: usize): void {
  store<u32>(encodedOut, (start - from) as u32)
  store<u32>(encodedOut + 4, (stop - from) as u32)
  encodedOut += 8
  encodedUntil = stop
}

/** Sixteen token characters or more. */
function takeRun(start: usize, stop: usize): void {
  if (wantsRuns) {
    let place = start
    while (place < stop && (bits(place) & digitBit) == 0) place++
    if (place < stop) {
      store<u32>(runOut, (start - from) as u32)
      store<u32>(runOut + 4, (stop - from) as u32)
      runOut += 8
    }
  }
  let place = start > encodedUntil ? start : encodedUntil
  while (place + 16 <= stop) {
    const kind = bits(place)
    let until: usize = 0
    if ((kind & quadFirst) != 0) until = base64End(place)
    else if ((kind & digitBit) != 0) until = hexEnd(place)
    if (until != 0) {
      takeEncoded(place, until)
      place = until
    } else place++
  }
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
function base64End(start: usize): usize {
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
function behindBreak(place: usize): usize {
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
function hexEnd(start: usize): usize {
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

/** A byte that may begin an escape or belong to UTF-16. */
function takeSpecial(place: usize): void {
  const byte = load<u8>(place)
  if (byte == 0x5c) takeBackslash(place)
  else if (byte == 0x25) takePercent(place)
  else if (byte == 0) takeZero(place)
  else if (byte == 0x1b) takeColour(place + 1)
}

function isHex(place: usize): bool {
  return (bits(place) & hexBit) != 0
}

function takePercent(place: usize): void {
  if (!isHex(place + 1) || !isHex(place + 2)) return
  tryStart(place + 3)
  if (load<u16>(place + 1) == 0x3532) tryStart(place + 5)
  takeEscape(place, place + 1)
}

/** An escape whose two digits stand at `digits`, if they stand for printable ASCII. */
function takeEscape(place: usize, digits: usize): void {
  if (place < encodedUntil || digits + 2 > end) return
  if ((bits(digits) & highBit) != 0 && isHex(digits + 1)) takeEncoded(place, digits + 2)
}

function takeBackslash(place: usize): void {
  const kind = load<u8>(place + 1)
  if (kind == 0x75 /* u */) {
    tryStart(place + 6)
    takeColour(place + 6)
    if (load<u16>(place + 2) == 0x3030) takeEscape(place, place + 4)
    return
  }
  tryStart(place + 2)
  if (kind == 0x78 /* x */) {
    tryStart(place + 4)
    takeColour(place + 4)
    takeEscape(place, place + 2)
  } else if (isHex(place + 1)) {
    tryStart(place + 4)
    if (kind == 0x65 /* e */) takeColour(place + 2)
    else if (kind == 0x30) takeColour(place + 4)
  }
}

/** What stands after a colour code that goes on at `place`. */
function takeColour(place: usize): void {
  if (load<u8>(place) != 0x5b) return
  let next = place + 1
  for (let i = 0; i < 16; i++) {
    const byte = load<u8>(next)
    if (byte != 0x3b && (byte < 0x30 || byte > 0x39)) break
    next++
  }
  if (load<u8>(next) == 0x6d) tryStart(next + 1)
}

/** The first or second byte of ASCII in UTF-16. */
function takeZero(place: usize): void {
  if (place - 1 >= encodedUntil && place > from) {
    const stop = wideEnd(place - 1, 0)
    if (stop != 0) takeEncoded(place - 1, stop)
  }
  if (place >= encodedUntil) {
    const stop = wideEnd(place, 1)
    if (stop != 0) takeEncoded(place, stop)
  }
}

/** Twelve or more pairs of a zero and a printable byte, which is the first (0) or second (1) of them; 0 if not. */
function wideEnd(start: usize, printable: usize): usize {
  let place = start
  while (place + 2 <= end) {
    if ((bits(place + printable) & printableBit) == 0 || load<u8>(place + 1 - printable) != 0) break
    place += 2
  }
  return place - start >= 24 ? place : 0
}
