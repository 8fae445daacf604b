/** Anchors met at a place: their text compared, then for each detector what its pattern asks of the bytes around. */
import { isBound } from './bound'
import { bitOf, mapped } from './classify'
import {
  anchorKind,
  entries,
  lastUse,
  longChains,
  longMap,
  pairChains,
  pairMap,
  shortChains,
  shortMap,
  stepAhead,
  stepBound,
  stepByte,
  stepEnd,
  stepSet,
  twoMap,
  useSize,
} from './layout'
import { end, from, takeFind } from './state'

/** A place where a word begins, or a token behind an escape. */
export function tryStart(place: usize): void {
  const four = load<u32>(place)
  const long = (four * 0x9e3779b1) >> 16
  const short = ((four << 8) * 0x9e3779b1) >> 16
  if (mapped(longMap, long)) follow(load<u16>(longChains + ((long as i32) << 1)), place)
  if (mapped(shortMap, short)) follow(load<u16>(shortChains + ((short as i32) << 1)), place)
}

/** Hash of the first three of four bytes. */
@inline
export function hashOfThree(bytes: u32): u32 {
  return ((bytes << 8) * 0x9e3779b1) >> 16
}

/** Hash of all four. */
@inline
export function hashOfFour(bytes: u32): u32 {
  return (bytes * 0x9e3779b1) >> 16
}

/** Whether an anchor is met at a place by its four bytes, or by two. */
@inline
export function isMet(place: usize): u32 {
  const four = load<u32>(place)
  return bitOf(pairMap, hashOfFour(four)) | bitOf(twoMap, four & 0xffff)
}

/** A place at which one is. */
export function tryFour(place: usize): void {
  follow(load<u16>(pairChains + ((hashOfThree(load<u32>(place)) as i32) << 1)), place)
}

/** Goes through the entries of one hash or pair. */
function follow(first: u16, place: usize): void {
  for (let number = first; number != 0; ) {
    const entry = entries + ((number as i32) << 4)
    const start = place - (load<u16>(entry, 4) as usize)
    if (start >= from && isText(start, load<u32>(entry, 8) as usize, load<u16>(entry, 2) as usize)) {
      if (load<u16>(entry, 6) == anchorKind) takeUses(load<u32>(entry, 12) as usize, start)
      else if (load<u8>(place - 1) == 0x3d) tryStart(place + 2)
    }
    number = load<u16>(entry)
  }
}

export function isText(place: usize, text: usize, length: usize): bool {
  if (place + length > end) return false
  for (let i: usize = 0; i < length; i++) if (load<u8>(place + i) != load<u8>(text + i)) return false
  return true
}

function takeUses(uses: usize, anchor: usize): void {
  for (let use = uses; load<u16>(use) != lastUse; use += useSize) {
    const start = anchor - (load<u16>(use, 2) as usize)
    if (start >= from && fits(load<u32>(use, 4) as usize, start)) takeFind(start, load<u16>(use) as u32)
  }
}

/** True where the bytes from `place` on are what the program asks for. */
export function fits(program: usize, place: usize): bool {
  let at = place
  for (let step = program; ; step += 8) {
    const kind = load<u8>(step)
    if (kind == stepEnd) return at <= end
    const count = load<u8>(step, 1) as usize
    if (kind == stepByte) {
      const byte = load<u8>(step, 2)
      for (let i: usize = 0; i < count; i++) if (load<u8>(at + i) != byte) return false
      at += count
    } else if (kind == stepSet) {
      const set = load<u32>(step, 4) as usize
      for (let i: usize = 0; i < count; i++) if (!isIn(set, at + i)) return false
      at += count
    } else if (kind == stepAhead) {
      const over = load<u32>(step, 4) as usize
      const last = at + (load<u16>(step, 2) as usize)
      step += 8
      const until = load<u32>(step, 4) as usize
      while (!isIn(until, at)) {
        if (at >= last || at >= end || !isIn(over, at)) return false
        at++
      }
      if (at >= end) return false
    } else if (kind == stepBound) {
      return isBound(at, count as u32)
    } else {
      const set = load<u32>(step, 4) as usize
      let stop = at
      while (stop < end && isIn(set, stop)) stop++
      for (let i: usize = 1; i <= count; i++) {
        step += 8
        if (!isIn(load<u32>(step, 4) as usize, stop - i)) return false
      }
      return stop - count >= place
    }
  }
  return false
}

@inline
function isIn(set: usize, place: usize): bool {
  const byte = load<u8>(place) as usize
  return ((load<u8>(set + (byte >> 3)) >> ((byte & 7) as u8)) & 1) != 0
}
