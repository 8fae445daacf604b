/**
 * The gate over all bytes, written in AssemblyScript and compiled to WebAssembly with SIMD. Bytes are classified
 * 64 at a time into masks of bits; what is done for single bytes is done only where a mask has a bit, so that the
 * cost does not depend on the number of detectors. What is looked for:
 *   - anchors that begin words and are followed by token characters, at least 24 with the anchor (`anchors.ts`);
 *   - anchors inside of runs of 32 of them, and anchors anywhere, by four of their bytes (`anchors.ts`);
 *   - runs of 16 characters and more with a digit, beside a word of a context (`values.ts`);
 *   - encoded text in whose decoded form there is something of all this (`encoded.ts`).
 */
import { hashOfThree, tryStart, tryThree } from './anchors'
import { classify, isValue, mapped, meet, meetInside } from './classify'
import { combine } from './combine'
import { beginEncoded, takeBackslash, takeColour, takePercent, takeRunEncoded, takeZeros } from './encoded'
import {
  chunkLength,
  maskAnchors,
  maskBegun,
  maskEnded,
  maskInside,
  maskOthers,
  maskPercents,
  maskRoom,
  maskRoomLength,
  maskState,
  maskValues,
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
  memory.fill(room + maskState, 0, maskRoomLength - maskState)
  // The first byte behind the text ends what goes on to its end, and runs are asked for a block later.
  const stop = input + length + 1 + 64
  for (let chunk = input; chunk < stop; chunk += chunkLength) {
    const chunkStop = chunk + chunkLength < stop ? chunk + chunkLength : stop
    classify(chunk, chunkStop, room)
    meet(chunk, chunkStop, room)
    combine(room, (chunkStop - chunk + 63) >> 6)
    let block = room
    for (let at = chunk; at < chunkStop; at += 64) {
      const begun = load<u64>(block, maskBegun)
      if (begun != 0) tryBegun(at - 23, begun)
      tryAll(at - 3, load<u64>(block, maskAnchors))
      const inside = load<u64>(block, maskInside)
      if (inside != 0) tryAll(at - 64, inside & meetInside(at - 64, room))
      let ended = load<u64>(block, maskEnded)
      while (ended != 0) {
        const bit = ctz(ended)
        const runStop = at + (bit as usize)
        const runStart = startOfRun(room, block, runStop, bit, input)
        takeValue(runStart, runStop)
        takeRunEncoded(runStart, runStop)
        ended &= ended - 1
      }
      const others = load<u64>(block, maskOthers)
      const percents = load<u64>(block, maskPercents)
      if ((others | percents) != 0) takeSpecial(at, others, percents)
      if (probeHit) return
      block += 8
    }
  }
}

/** Tokens that begin at the bits of `begun`. */
@inline
function tryBegun(at: usize, begun: u64): void {
  let met = begun
  while (met != 0) {
    const place = at + (ctz(met) as usize)
    if (mapped(startMap, hashOfThree(place))) tryStart(place)
    const before = load<u8>(place - 1)
    if (before == 0x5b || before == 0x3b) takeColour(place)
    met &= met - 1
  }
}

/** Anchors by four bytes at the bits of `met`. */
@inline
function tryAll(at: usize, met: u64): void {
  while (met != 0) {
    const place = at + (ctz(met) as usize)
    const key = hashOfThree(place)
    if (mapped(pairMap, key)) tryThree(place, key)
    met &= met - 1
  }
}

/** Where the run of value characters begins that ends before `stop`, the bit `bit` of a block; it may begin before the chunk. */
function startOfRun(room: usize, block: usize, stop: usize, bit: u64, input: usize): usize {
  let at = stop - (bit as usize)
  const gap = ~load<u64>(block, maskValues) & (((1 as u64) << bit) - 1)
  if (gap != 0) return at + 64 - (clz(gap) as usize)
  for (let before = block; before != room; at -= 64) {
    before -= 8
    const more = ~load<u64>(before, maskValues)
    if (more != 0) return at - (clz(more) as usize)
  }
  while (at > input && isValue(at - 1)) at--
  return at
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
