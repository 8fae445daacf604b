/** Masks of what bytes are made into masks of where something begins, stands inside or ends. Calls nothing. */
import {
  maskBegun,
  maskEnded,
  maskInside,
  maskOthers,
  maskPercents,
  maskState,
  maskTokens,
  maskValues,
  maskWords,
} from './layout'

/**
 * The masks of `count` blocks at `room`; what one block leaves for the next is kept there between chunks. Bits of
 * `maskBegun` are 23 bytes behind where a token begins, those of `maskInside` are of the block before.
 */
export function combine(room: usize, count: usize): void {
  let wordBefore = load<u64>(room, maskState)
  let startsBefore = load<u64>(room, maskState + 8)
  let specialBefore = load<u64>(room, maskState + 16)
  let t1 = load<u64>(room, maskState + 24)
  let t2 = load<u64>(room, maskState + 32)
  let t4 = load<u64>(room, maskState + 40)
  let t8 = load<u64>(room, maskState + 48)
  let t16 = load<u64>(room, maskState + 56)
  let t32 = load<u64>(room, maskState + 64)
  let v1 = load<u64>(room, maskState + 72)
  const stop = room + 8 * count
  for (let block = room; block < stop; block += 8) {
    const word = load<u64>(block, maskWords)
    const token = load<u64>(block, maskTokens)
    const value = load<u64>(block, maskValues)
    const special = load<u64>(block, maskOthers) | load<u64>(block, maskPercents)

    // A token begins where a word does, or behind an escape, of which the longest has six characters.
    let starts = word & ~((word << 1) | (wordBefore >> 63))
    wordBefore = word
    if ((special | specialBefore) != 0) starts |= word & behindEscapes(special, specialBefore)
    specialBefore = special

    // Bit n of these: the 2, 4, … characters that end at n are all of tokens.
    const n2 = token & ((token << 1) | (t1 >> 63))
    const n4 = n2 & ((n2 << 2) | (t2 >> 62))
    const n8 = n4 & ((n4 << 4) | (t4 >> 60))
    const n16 = n8 & ((n8 << 8) | (t8 >> 56))
    const n24 = n16 & ((n8 << 16) | (t8 >> 48))
    const n32 = n16 & ((n16 << 16) | (t16 >> 48))
    store<u64>(block, n24 & ((starts << 23) | (startsBefore >> 41)), maskBegun)
    store<u64>(block, (t32 | n32) != 0 ? runsOf32(t32, n32) : 0, maskInside)
    startsBefore = starts
    let ended: u64 = 0
    if ((t16 | n16) != 0) {
      // Runs of values are in those of tokens; of the bytes before, the last sixteen count.
      const p2 = v1 & (v1 << 1)
      const p4 = p2 & (p2 << 2)
      const p8 = p4 & (p4 << 4)
      const p16 = p8 & (p8 << 8)
      const m2 = value & ((value << 1) | (v1 >> 63))
      const m4 = m2 & ((m2 << 2) | (p2 >> 62))
      const m8 = m4 & ((m4 << 4) | (p4 >> 60))
      const m16 = m8 & ((m8 << 8) | (p8 >> 56))
      ended = ~value & ((m16 << 1) | (p16 >> 63))
    }
    store<u64>(block, ended, maskEnded)
    t1 = token
    t2 = n2
    t4 = n4
    t8 = n8
    t16 = n16
    t32 = n32
    v1 = value
  }
  store<u64>(room, wordBefore, maskState)
  store<u64>(room, startsBefore, maskState + 8)
  store<u64>(room, specialBefore, maskState + 16)
  store<u64>(room, t1, maskState + 24)
  store<u64>(room, t2, maskState + 32)
  store<u64>(room, t4, maskState + 40)
  store<u64>(room, t8, maskState + 48)
  store<u64>(room, t16, maskState + 56)
  store<u64>(room, t32, maskState + 64)
  store<u64>(room, v1, maskState + 72)
}

/** Bits two to six behind those of escapes. */
@inline
function behindEscapes(special: u64, before: u64): u64 {
  const near = (special << 2) | (special << 3) | (special << 4) | (special << 5) | (special << 6)
  return near | (before >> 62) | (before >> 61) | (before >> 60) | (before >> 59) | (before >> 58)
}

/** Which of the 64 bytes before are in runs of 32 token characters, given where such runs end. */
@inline
function runsOf32(before: u64, here: u64): u64 {
  const r1 = here | (here >> 1)
  const r2 = r1 | (r1 >> 2)
  const r3 = r2 | (r2 >> 4)
  const r4 = r3 | (r3 >> 8)
  let run = before | ((before >> 1) | (here << 63))
  run |= (run >> 2) | (r1 << 62)
  run |= (run >> 4) | (r2 << 60)
  run |= (run >> 8) | (r3 << 56)
  run |= (run >> 16) | (r4 << 48)
  return run
}
