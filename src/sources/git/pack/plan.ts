/**
 * The order in which a pack is walked: families of deltas by where their roots stand, each depth first, its largest
 * branch last. A base is let go when its last child is built; so of n objects no more than log2(n) are kept, however
 * deep the family. Plain arrays in shared memory, for every worker thread to read.
 */
import type { PackIndex } from './pack-index.ts'
import type { ScannedHeaders } from './scan-headers.ts'
import type { SortedOffsets } from './sort-offsets.ts'

/** In `levels`, above the level itself. */
export const levelMask = 0xffffff
/** Three bits: the type by its number. */
export const typeShift = 24
/** Nothing else is made from its base after it. */
export const lastFlag = 1 << 27
/** Another pack has it too, and it is visited there. */
export const againFlag = 1 << 28

export interface PackPlan {
  /** In walking order: where the object stands, how many bytes it takes there, its position in the index. */
  offsets: Float64Array
  lengths: Uint32Array
  positions: Uint32Array
  /** How far below the root of its family, and the flags. */
  levels: Uint32Array
}

export interface DrawnPlan extends PackPlan {
  /** Estimated microseconds up to and with each object. */
  costs: Float64Array
}

/**
 * @param known positions in the index of what other packs have; null where nothing is
 * @param wanted numbers of the types to visit
 */
export function drawPlan(
  index: PackIndex,
  { offsets, positions }: SortedOffsets,
  { types, bases, sizes }: ScannedHeaders,
  known: Uint8Array | null,
  wanted: readonly number[],
): DrawnPlan {
  const { count } = index
  const family = relate(types, bases, wanted, (rank) => known?.[positions[rank] as number] === 1)
  const plan = emptyPlan(family.wanted)
  const costs = new Float64Array(family.wanted)
  const stack = new Uint32Array(family.wanted + 1)
  const levels = new Uint32Array(count)
  let at = 0
  let cost = 0
  for (let root = 0; root < count; root++) {
    if ((bases[root] as number) >= 0 || family.weights[root] === 0) continue
    let height = 0
    stack[height++] = root
    while (height > 0) {
      const rank = stack[--height] as number
      const base = bases[rank] as number
      const level = levels[rank] as number
      const length = Math.min((offsets[rank + 1] as number) - (offsets[rank] as number), 0xffffffff)
      plan.offsets[at] = offsets[rank] as number
      plan.lengths[at] = length
      plan.positions[at] = positions[rank] as number
      plan.levels[at] =
        Math.min(level, levelMask) |
        ((types[rank] as number) << typeShift) |
        (base >= 0 && family.heaviest[base] === rank ? lastFlag : 0) |
        (known?.[positions[rank] as number] === 1 ? againFlag : 0)
      cost += 2 + length * 0.004 + (sizes[root] as number) * 0.00015
      costs[at] = cost
      at += 1
      const heaviest = family.heaviest[rank] as number
      if (heaviest < 0) continue
      stack[height++] = heaviest
      levels[heaviest] = level + 1
      for (let child = family.firsts[rank] as number; child >= 0; child = family.nexts[child] as number) {
        if (child === heaviest || family.weights[child] === 0) continue
        stack[height++] = child
        levels[child] = level + 1
      }
    }
  }
  return { ...plan, costs }
}

interface Family {
  /** The first child and the next sibling of each, -1 for none. */
  firsts: Int32Array
  nexts: Int32Array
  /** The child with the most below it; -1 where nothing is made from it. */
  heaviest: Int32Array
  /** Objects to visit in each branch. */
  weights: Uint32Array
  /** Objects in all branches that have any to visit. */
  wanted: number
}

function relate(
  types: Uint8Array,
  bases: Int32Array,
  among: readonly number[],
  isKnown: (rank: number) => boolean,
): Family {
  const count = types.length
  const firsts = new Int32Array(count).fill(-1)
  const nexts = new Int32Array(count).fill(-1)
  const heaviest = new Int32Array(count).fill(-1)
  const weights = new Uint32Array(count)
  const queue = new Uint32Array(count)
  const isWanted = Uint8Array.from({ length: 8 }, (_, type) => (among.includes(type) ? 1 : 0))
  let queued = 0
  for (let rank = count - 1; rank >= 0; rank--) {
    if (isWanted[types[rank] as number] !== 1) continue
    const base = bases[rank] as number
    if (base >= 0) {
      nexts[rank] = firsts[base] as number
      firsts[base] = rank
    } else queue[queued++] = rank
  }
  for (let at = 0; at < queued; at++) {
    for (let child = firsts[queue[at] as number] as number; child >= 0; child = nexts[child] as number) {
      queue[queued++] = child
    }
  }
  let wanted = 0
  for (let at = queued - 1; at >= 0; at--) {
    const rank = queue[at] as number
    const weight = (weights[rank] as number) + (isKnown(rank) ? 0 : 1)
    weights[rank] = weight
    if (weight === 0) continue
    wanted += 1
    const base = bases[rank] as number
    if (base < 0) continue
    const best = heaviest[base] as number
    if (best < 0 || (weights[best] as number) < weight) heaviest[base] = rank
    weights[base] = (weights[base] as number) + weight
  }
  return { firsts, nexts, heaviest, weights, wanted }
}

function emptyPlan(size: number): PackPlan {
  return {
    offsets: new Float64Array(new SharedArrayBuffer(size * 8)),
    lengths: new Uint32Array(new SharedArrayBuffer(size * 4)),
    positions: new Uint32Array(new SharedArrayBuffer(size * 4)),
    levels: new Uint32Array(new SharedArrayBuffer(size * 4)),
  }
}
