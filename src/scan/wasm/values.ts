/**
 * Values without fixed text, known by their shape beside a word: a run whose beginning has a shape some detector asks
 * for, then words of contexts searched for around it. Words are found once for each stretch, so that what runs cost does
 * not grow with the number of detectors.
 */
import { fits, hashOfFour, hashOfThree } from './anchors'
import { mapped, meetWords, splat } from './classify'
import {
  entries,
  lastUse,
  leadBits,
  leadLengths,
  maskAsked,
  maskRoom,
  maskRoomLength,
  splatNine,
  splatZero,
  useSize,
  wordChains,
  wordMap,
  wordRing,
  wordRingLength,
} from './layout'
import { depth, end, from, takeFind } from './state'

/** Words are looked for so far before and behind a run; set by the loader through `configure`. */
let reachBefore: usize = 0
let reachBehind: usize = 0
let leads: u32 = 0
/** Uses that need no word beside them. */
let freeUses: usize = 0

/** Bytes in which words are looked for at once; their masks have so much room. */
const wordChunk: usize = 2048

let wordsUntil: usize = 0
let wordCount: u32 = 0

/** Called once, after the tables are in place. */
export function configure(before: usize, behind: usize, allLeads: u32, free: usize): void {
  reachBefore = before
  reachBehind = behind
  leads = allLeads
  freeUses = free
}

/** Forgets words: another text is read, or the one before again. */
export function beginValues(): void {
  wordsUntil = from
  wordCount = 0
}

/** Sixteen characters of values or more. A run may begin with letters that belong to an escape before it. */
export function takeValue(start: usize, stop: usize): void {
  if (leads == 0 || !hasDigit(start, stop)) return
  tryValue(start, stop)
  const before = load<u8>(start - 1)
  if (before == 0x5c || before == 0x25) {
    for (let skip: usize = 1; skip <= 5; skip++) tryValue(start + skip, stop)
  } else if (before == 0x3d) {
    if (load<u16>(start) == 0x4433) tryValue(start + 2, stop)
  } else if (before == 0x5b || before == 0x3b) {
    for (let skip: usize = 0; skip < 5; skip++) {
      if (load<u8>(start + skip) == 0x6d) tryValue(start + skip + 1, stop)
    }
  }
}

function tryValue(start: usize, stop: usize): void {
  if (!hasLead(start, stop)) return
  tryUses(freeUses, start, start, start)
  const first = start - from > reachBefore ? start - reachBefore : from
  const last = end - stop > reachBehind ? stop + reachBehind : end
  if (last > wordsUntil) findWords(wordsUntil > first ? wordsUntil : first, last)
  // From the last word back to the first that is near.
  const oldest = wordCount > (wordRingLength as u32) ? wordCount - wordRingLength : 0
  for (let i = wordCount; i > oldest; i--) {
    const slot = wordRing + ((((i - 1) & (wordRingLength - 1)) as i32) << 3)
    const word = load<u32>(slot) as usize
    if (word + 64 < first) break
    const entry = load<u32>(slot, 4) as usize
    tryUses(load<u32>(entry, 12) as usize, start, word, word + (load<u16>(entry, 2) as usize))
  }
}

function tryUses(uses: usize, start: usize, wordStart: usize, wordStop: usize): void {
  for (let use = uses; load<u16>(use) != lastUse; use += useSize) {
    if (
      wordStart >= start
        ? wordStart - start > (load<u32>(use, 12) as usize)
        : start > wordStop + (load<u32>(use, 8) as usize)
    )
      continue
    if (fits(load<u32>(use, 4) as usize, start)) takeFind(start, load<u16>(use) as u32)
  }
}

/** True where the run from `start` on begins as some detector asks: so many characters of one set, and no more of it. */
function hasLead(start: usize, stop: usize): bool {
  let left = leads
  const last = stop < start + 127 ? stop : start + 127
  let at = start
  // Most go on, and four are told in the time of one.
  while (at + 4 <= last && (leadsAt(at) & leadsAt(at + 1) & leadsAt(at + 2) & leadsAt(at + 3) & left) == left) at += 4
  for (; at < last; at++) {
    const still = left & leadsAt(at)
    if (still != left) {
      if (anyLength(left & ~still, (at - start) as u32)) return true
      if (still == 0) return false
      left = still
    }
  }
  return anyLength(left, (at - start) as u32)
}

/** The leads that the byte at a place may be part of. */
@inline
function leadsAt(place: usize): u32 {
  return load<u32>(leadBits + ((load<u8>(place) as i32) << 2))
}

function anyLength(ended: u32, length: u32): bool {
  for (let rest = ended; rest != 0; rest &= rest - 1) {
    const lengths = leadLengths + ((ctz(rest) as i32) << 4) + ((length >> 3) as i32)
    if (((load<u8>(lengths) >> ((length & 7) as u8)) & 1) != 0) return true
  }
  return false
}

function hasDigit(start: usize, stop: usize): bool {
  const zero = splat(splatZero)
  const nine = splat(splatNine)
  for (let at = start; at < stop; at += 16) {
    const above = i8x16.sub(v128.load(at), zero)
    const digits = i8x16.bitmask(i8x16.eq(i8x16.min_u(above, nine), above)) as u32
    if (digits != 0) return at + (ctz(digits) as usize) < stop
  }
  return false
}

/** Words of contexts that begin in [start, stop), in any case, into the ring. */
function findWords(start: usize, stop: usize): void {
  const masks = maskRoom + depth * maskRoomLength + maskAsked
  for (let chunk = start; chunk < stop; chunk += wordChunk) {
    const chunkStop = stop < chunk + wordChunk ? stop : chunk + wordChunk
    meetWords(chunk, chunkStop + 3, masks)
    let mask = masks
    for (let at = chunk - 3; at < chunkStop; at += 64) {
      let met = load<u64>(mask)
      if (at + 64 > chunkStop) met &= ((1 as u64) << ((chunkStop - at) as u64)) - 1
      if (at < chunk) met &= ~7
      while (met != 0) {
        const place = at + (ctz(met) as usize)
        const small = load<u32>(place) | 0x20202020
        if (mapped(wordMap, hashOfFour(small)))
          followWords(load<u16>(wordChains + ((hashOfThree(small) as i32) << 1)), place)
        met &= met - 1
      }
      mask += 8
    }
  }
  wordsUntil = stop
}

function followWords(first: u16, place: usize): void {
  for (let number = first; number != 0; ) {
    const entry = entries + ((number as i32) << 4)
    const start = place - (load<u16>(entry, 4) as usize)
    if (start >= from && isWord(start, load<u32>(entry, 8) as usize, load<u16>(entry, 2) as usize)) {
      const slot = wordRing + (((wordCount & (wordRingLength - 1)) as i32) << 3)
      store<u32>(slot, start as u32)
      store<u32>(slot, entry as u32, 4)
      wordCount++
    }
    number = load<u16>(entry)
  }
}

/** The text is in lower case, where it has one. */
function isWord(place: usize, text: usize, length: usize): bool {
  if (place + length > end) return false
  for (let i: usize = 0; i < length; i++) {
    const byte = load<u8>(place + i)
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    if (lower != load<u8>(text + i)) return false
  }
  return true
}
