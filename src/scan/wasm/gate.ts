/**
 * The gate over all bytes, written in AssemblyScript and compiled to WebAssembly with SIMD. Bytes are classified
 * 64 at a time into masks of bits; what is done for single bytes is done only where a mask has a bit, so that the
 * cost does not depend on the number of detectors. What is looked for:
 *   - anchors that begin words and are followed by token characters, at least 24 with the anchor (`anchors.ts`);
 *   - anchors inside of runs of 32 of them, and anchors anywhere, by four of their bytes (`anchors.ts`);
 *   - runs of 16 characters and more with a digit, beside a word of a context (`values.ts`);
 *   - encoded text in whose decoded form there is something of all this (`encoded.ts`).
 */
import { hashOfThree, isMet, tryFour, tryStart } from './anchors'
import { bitOf, classify, isValue, meet, meetInside } from './classify'
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
  paddingAfter,
  paddingBefore,
  places,
  startMap,
} from './layout'
import { begin, depth, end, finish, probeHit, writeTo } from './state'
import { beginValues, takeValue } from './values'

export { countLines } from './classify'
export { configure } from './values'

/**
 * Reads `length` bytes at `input`, fills what is around them with spaces and writes finds (position and detector) and pairs of positions (encoded
 * stretches), 32 bits each. Answers 0 when there was no room for all finds.
 */
export function gate(input: usize, length: usize, found: usize, foundEnd: usize, encoded: usize): bool {
  writeTo(found, foundEnd, encoded)
  beginEncoded()
  memory.fill(input - paddingBefore, 0x20, paddingBefore)
  memory.fill(input + length, 0x20, paddingAfter)
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
    const blocks = ((chunkStop - chunk + 63) >> 6) << 3
    tryBegun(flatten(room + maskBegun, blocks, chunk - 23))
    tryMet(flatten(room + maskAnchors, blocks, chunk - 3))
    if (probeHit) return
    let block = room
    for (let at = chunk; at < chunkStop; at += 64) {
      const inside = load<u64>(block, maskInside)
      if (inside != 0) tryInside(at - 64, inside & meetInside(at - 64, room))
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

/**
 * The places of the bits of `size` bytes of masks, the first of which stands for `first`, 32 bits each from `places` on;
 * answers where they end. Four are always written, and counted by what there is: how many there are cannot be foretold,
 * and a branch that goes wrong costs more than they do.
 */
@inline
function flatten(masks: usize, size: usize, first: usize): usize {
  let out: usize = places
  let at = first
  for (let mask = masks; mask < masks + size; mask += 8) {
    let rest = load<u64>(mask)
    const next = out + ((popcnt(rest) as usize) << 2)
    store<u32>(out, (at + (ctz(rest) as usize)) as u32)
    rest &= rest - 1
    store<u32>(out, (at + (ctz(rest) as usize)) as u32, 4)
    rest &= rest - 1
    store<u32>(out, (at + (ctz(rest) as usize)) as u32, 8)
    rest &= rest - 1
    store<u32>(out, (at + (ctz(rest) as usize)) as u32, 12)
    rest &= rest - 1
    for (let more = out + 16; rest != 0; more += 4) {
      store<u32>(more, (at + (ctz(rest) as usize)) as u32)
      rest &= rest - 1
    }
    out = next
    at += 64
  }
  return out
}

/** Tokens that begin at the places up to `stop`. */
@inline
function tryBegun(stop: usize): void {
  let out: usize = places
  for (let at: usize = places; at < stop; at += 4) {
    const place = load<u32>(at) as usize
    const before = load<u8>(place - 1)
    store<u32>(out, place as u32)
    const coloured = (before == 0x5b ? 1 : 0) | (before == 0x3b ? 1 : 0)
    out += ((bitOf(startMap, hashOfThree(load<u32>(place))) | coloured) as usize) << 2
  }
  for (let at: usize = places; at < out; at += 4) {
    const place = load<u32>(at) as usize
    tryStart(place)
    const before = load<u8>(place - 1)
    if (before == 0x5b || before == 0x3b) takeColour(place)
  }
}

/** Anchors by four bytes at the places up to `stop`. */
@inline
function tryMet(stop: usize): void {
  let out: usize = places
  for (let at: usize = places; at < stop; at += 4) {
    const place = load<u32>(at) as usize
    store<u32>(out, place as u32)
    out += (isMet(place) as usize) << 2
  }
  for (let at: usize = places; at < out; at += 4) tryFour(load<u32>(at) as usize)
}

/** Anchors by four bytes at the bits of `met`. */
@inline
function tryInside(at: usize, met: u64): void {
  while (met != 0) {
    const place = at + (ctz(met) as usize)
    if (isMet(place) != 0) tryFour(place)
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
