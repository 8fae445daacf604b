/**
 * The first pass over a pack: what each object is and which one it is made from, off its header alone. A delta is of
 * its base's type; nearly every base stands before its deltas, so that one pass in the order of the pack settles it.
 */
import { emptyHeader, longestHeader, offsetDelta, readEntryHeader, refDelta } from './entry-header.ts'
import type { PackFile } from './pack-file.ts'
import type { PackIndex } from './pack-index.ts'
import type { SortedOffsets } from './sort-offsets.ts'

/** Bases that are no rank. */
export const noBase = -1
export const baseElsewhere = -2

export interface ScannedHeaders {
  /** By rank, that is in the order of offsets: the type, 0 where it cannot be known. */
  types: Uint8Array
  /** The rank of the base, `noBase` for whole objects, `baseElsewhere` where another pack or file has it. */
  bases: Int32Array
  /** Bytes the object or its delta says it has. */
  sizes: Float32Array
  /** Ranks without a usable header, or with a base that is nowhere or in a circle. What is made from these is of type 0 too. */
  broken: Set<number>
}

const windowSize = 256 * 1024

/** @param typeElsewhere type of an object that this pack does not have; 0 for none */
export function scanHeaders(
  file: PackFile,
  index: PackIndex,
  { offsets, positions }: SortedOffsets,
  typeElsewhere: (id: Buffer) => number,
): ScannedHeaders {
  const { count, hashLength } = index
  const end = offsets[count] as number
  const types = new Uint8Array(count)
  const bases = new Int32Array(count).fill(noBase)
  const sizes = new Float32Array(count)
  const broken = new Set<number>()
  const rankAt = rankFinder(offsets, count)
  const window = Buffer.alloc(windowSize + longestHeader)
  let windowStart = 0
  let windowEnd = 0
  let ranks: Uint32Array | null = null
  /** Their base stands behind them, or is unsettled itself. */
  const unsettled: number[] = []
  const header = emptyHeader()

  for (let rank = 0; rank < count; rank++) {
    const offset = offsets[rank] as number
    if (offset < 12 || offset >= end || offsets[rank + 1] === offset) {
      broken.add(rank)
      continue
    }
    if (offset + longestHeader > windowEnd) {
      windowStart = offset
      const got = file.read(window, 0, Math.min(windowSize, end - offset), offset)
      windowEnd = got < windowSize ? Number.POSITIVE_INFINITY : offset + got
      window.fill(0, got, got + longestHeader)
    }
    readEntryHeader(window, offset - windowStart, hashLength, header)
    sizes[rank] = header.size
    let { type } = header
    if (type === offsetDelta) {
      const base = header.distance > 0 ? rankAt(offset - header.distance) : -1
      if (base < 0) type = 0
      else {
        bases[rank] = base
        type = types[base] as number
        if (type === 0) unsettled.push(rank)
      }
    } else if (type === refDelta) {
      const position = index.find(window, header.baseAt)
      if (position < 0) {
        bases[rank] = baseElsewhere
        type = typeElsewhere(window.subarray(header.baseAt, header.baseAt + hashLength))
      } else {
        ranks ??= ranksOf(positions)
        const base = ranks[position] as number
        bases[rank] = base
        type = types[base] as number
        if (type === 0) unsettled.push(rank)
      }
    }
    types[rank] = type
    if (type === 0 && (bases[rank] as number) < 0) broken.add(rank)
  }
  settle(unsettled, types, bases, broken)
  return { types, bases, sizes, broken }
}

/** Gives deltas the type of what they are made from in the end, and finds those that go in circles. */
function settle(
  unsettled: readonly number[],
  types: Uint8Array,
  bases: Int32Array,
  broken: Set<number>,
): void {
  const met = new Set<number>()
  for (const start of unsettled) {
    const way: number[] = []
    let rank = start
    while (types[rank] === 0 && !met.has(rank) && (bases[rank] as number) >= 0) {
      met.add(rank)
      way.push(rank)
      rank = bases[rank] as number
    }
    const type = types[rank] as number
    if (type === 0 && way.includes(rank)) {
      broken.add(rank)
      bases[rank] = noBase
    }
    for (const rank of way) types[rank] = type
  }
}

/** The rank of each position. */
function ranksOf(positions: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(positions.length)
  for (const [rank, position] of positions.entries()) ranks[position] = rank
  return ranks
}

/** Finds which object begins at an offset, by a table of where in the order each piece of the pack begins. */
function rankFinder(offsets: Float64Array, count: number): (offset: number) => number {
  const end = offsets[count] as number
  const piece = Math.max(1, end / Math.max(1, count))
  const firsts = new Uint32Array(Math.floor(end / piece) + 2).fill(count)
  for (let rank = count - 1; rank >= 0; rank--) firsts[Math.floor((offsets[rank] as number) / piece)] = rank
  return (offset) => {
    let rank = firsts[Math.floor(offset / piece)] ?? count
    while (rank < count && (offsets[rank] as number) < offset) rank += 1
    return rank < count && offsets[rank] === offset ? rank : -1
  }
}
