/**
 * The gate over all bytes, written in AssemblyScript and compiled to WebAssembly with SIMD. Bytes are classified
 * 64 at a time into masks of bits; what is done for single bytes is done only where a mask has a bit, so that the
 * cost does not depend on the number of detectors. What is looked for:
 *   - anchors that begin words and are followed by token characters, at least 16 with the anchor (`anchors.ts`);
 *   - anchors inside of runs of 32 of them, and anchors anywhere, by four of their bytes (`anchors.ts`);
 *   - runs of 16 characters and more with a digit, beside a word of a context (`values.ts`);
 *   - encoded text in whose decoded form there is something of all this (`encoded.ts`).
 */
import { hashOfThree, tryStart, tryThree } from './anchors'
import { classify, mapped, meet, meetInside } from './classify'
import { beginEncoded, takeBackslash, takeColour, takePercent, takeRunEncoded, takeZeros } from './encoded'
import {
  chunkLength,
  maskAnchors,
  maskOthers,
  maskPercents,
  maskRoom,
  maskRoomLength,
  maskTokens,
  maskValues,
  maskWords,
  pairMap,
  startMap,
} from './layout'
import { begin, depth, end, finish, probeHit, writeTo } from './state'
import { beginValues, takeValue } from './values'

export { countLines } from './classify'
export { configure } from './values'

/**
 * Reads `length` bytes at `input` and writes finds (position and detector) and pairs of positions (encoded
 * stretches), 32 bits each. Answers 0 when there was no room for all finds.
 */
export function gate(input: usize, length: usize, found: usize, foundEnd: usize, encoded: usize): bool {
  writeTo(found, foundEnd, encoded)
  beginEncoded()
  read(input, length)
  return finish()
}

/** One text, stored or decoded; for a decoded text on its way it calls itself. */
export function read(input: usize, length: usize): void {
  begin(input, length)
  beginValues()
  const room: usize = maskRoom + depth * maskRoomLength
  let wordBefore: u64 = 0
  let startsBefore: u64 = 0
  let specialBefore: u64 = 0
  let t1: u64 = 0
  let t2: u64 = 0
  let t4: u64 = 0
  let t8: u64 = 0
  let t16: u64 = 0
  let t32: u64 = 0
  let v1: u64 = 0
  let runStart = input
  // The first byte behind the text ends what goes on to its end, and runs are asked for a block later.
  const stop = input + length + 1 + 64
  for (let chunk = input; chunk < stop; chunk += chunkLength) {
    const chunkStop = chunk + chunkLength < stop ? chunk + chunkLength : stop
    classify(chunk, chunkStop, room)
    meet(chunk, chunkStop, room)
    let block = room
    for (let at = chunk; at < chunkStop; at += 64) {
      const word = load<u64>(block, maskWords)
      const token = load<u64>(block, maskTokens)
      const value = load<u64>(block, maskValues)
      const special = load<u64>(block, maskOthers) | load<u64>(block, maskPercents)

      // A token begins where a word does, or behind an escape, of which the longest has six characters.
      let starts = word & ~((word << 1) | wordBefore)
      wordBefore = word >> 63
      if ((special | specialBefore) != 0) starts |= word & behindEscapes(special, specialBefore)
      specialBefore = special

      // Bit n of the last one: the sixteen characters that end at n are all of tokens.
      const n2 = token & ((token << 1) | (t1 >> 63))
      const n4 = n2 & ((n2 << 2) | (t2 >> 62))
      const n8 = n4 & ((n4 << 4) | (t4 >> 60))
      const n16 = n8 & ((n8 << 8) | (t8 >> 56))
      let begun = n16 & ((starts << 15) | (startsBefore >> 49))
      startsBefore = starts
      while (begun != 0) {
        const place = at + (ctz(begun) as usize) - 15
        if (mapped(startMap, ((load<u32>(place) << 8) * 0x9e3779b1) >> 16)) tryStart(place)
        const before = load<u8>(place - 1)
        if (before == 0x5b || before == 0x3b) takeColour(place)
        begun &= begun - 1
      }

      tryAll(at, load<u64>(block, maskAnchors))

      if ((t16 | n16 | t32) != 0) {
        const n32 = n16 & ((n16 << 16) | (t16 >> 48))
        if ((t32 | n32) != 0) tryAll(at - 64, runsOf32(t32, n32) & meetInside(at - 64))
        t32 = n32

        // Runs of values are in those of tokens; of the bytes before, the last sixteen count.
        const p2 = v1 & (v1 << 1)
        const p4 = p2 & (p2 << 2)
        const p8 = p4 & (p4 << 4)
        const p16 = p8 & (p8 << 8)
        const m2 = value & ((value << 1) | (v1 >> 63))
        const m4 = m2 & ((m2 << 2) | (p2 >> 62))
        const m8 = m4 & ((m4 << 4) | (p4 >> 60))
        const m16 = m8 & ((m8 << 8) | (p8 >> 56))
        const before = (m16 << 1) | (p16 >> 63)
        const grown = m16 & ~before
        let events = grown | (~value & before)
        while (events != 0) {
          const bit = ctz(events)
          if (((grown >> bit) & 1) != 0) runStart = at + (bit as usize) - 15
          else {
            takeValue(runStart, at + (bit as usize))
            takeRunEncoded(runStart, at + (bit as usize))
          }
          events &= events - 1
        }
      }
      t1 = token
      t2 = n2
      t4 = n4
      t8 = n8
      t16 = n16
      v1 = value

      if (special != 0) takeSpecial(at, load<u64>(block, maskOthers), load<u64>(block, maskPercents))
      if (probeHit) return
      block += 8
    }
  }
}

/** Bits two to six behind those of escapes. */
function behindEscapes(special: u64, before: u64): u64 {
  const near = (special << 2) | (special << 3) | (special << 4) | (special << 5) | (special << 6)
  return near | (before >> 62) | (before >> 61) | (before >> 60) | (before >> 59) | (before >> 58)
}

/** Anchors by four bytes at the bits of `met`. */
// @ts-ignore: decorator
@inline
function tryAll(at: usize, met: u64): void {
  while (met != 0) {
    const place = at + (ctz(met) as usize)
    const key = hashOfThree(place)
    if (mapped(pairMap, key)) tryThree(place, key)
    met &= met - 1
  }
}

/** Which of the 64 bytes before are in runs of 32 token characters, given where such runs end. */
// @ts-ignore: decorator
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

/** Backslashes, zero bytes and percent signs of a block. */
function takeSpecial(at: usize, others: u64, percents: u64): void {
  let met = others
  let zeros = false
  while (met != 0) {
    const place = at + (ctz(met) as usize)
    const byte = load<u8>(place)
    if (byte == 0x5c) takeBackslash(place)
    else if (byte == 0) zeros = true
    met &= met - 1
  }
  if (zeros) takeZeros(at)
  let hundred = percents
  while (hundred != 0) {
    takePercent(at + (ctz(hundred) as usize))
    hundred &= hundred - 1
  }
}
