/** Where the entries of one tree begin, and which of them matter, so that a tree made from it by a delta inherits them. */
import { grown } from './id-table.ts'

/**
 * What a delta took from its base: triples of an offset in the result, one in the base, and a length, ascending by
 * the first and apart.
 */
export type Copies = Uint32Array

export class TreeLayout {
  /** Entries, damaged ones aside. */
  count = 0
  /** Offsets of the entries, and after `end` that of the end. */
  starts = new Int32Array(64)
  /** Entries that matter, with their offset, target and name. */
  kept = 0
  offsets = new Int32Array(16)
  targets = new Int32Array(16)
  names = new Int32Array(16)

  clear(): void {
    this.count = 0
    this.kept = 0
  }

  add(start: number): void {
    if (this.count + 1 >= this.starts.length) this.starts = grown(this.starts)
    this.starts[this.count++] = start
  }

  keep(offset: number, target: number, name: number): void {
    if (this.kept === this.offsets.length) {
      this.offsets = grown(this.offsets)
      this.targets = grown(this.targets)
      this.names = grown(this.names)
    }
    this.offsets[this.kept] = offset
    this.targets[this.kept] = target
    this.names[this.kept++] = name
  }

  /** No entry begins at `offset` or behind it. */
  end(offset: number): void {
    this.starts[this.count] = offset
  }

  /**
   * Takes over from `base` the entries from `at` on that end by `end`, where one of the base begins there.
   * @param shift how far everything moved
   * @returns where the next entry begins; `at` where nothing was taken over
   */
  inherit(base: TreeLayout, at: number, shift: number, end: number): number {
    const from = at - shift
    const first = lowerBound(base.starts, base.count, from)
    if (first === base.count || base.starts[first] !== from) return at
    let next = first
    while (next < base.count && (base.starts[next + 1] as number) + shift <= end) {
      this.add((base.starts[next] as number) + shift)
      next += 1
    }
    if (next === first) return at
    const until = base.starts[next] as number
    for (let kept = lowerBound(base.offsets, base.kept, from); kept < base.kept; kept++) {
      const offset = base.offsets[kept] as number
      if (offset >= until) break
      this.keep(offset + shift, base.targets[kept] as number, base.names[kept] as number)
    }
    return until + shift
  }
}

/** Index of the first number that is not below `value`. */
function lowerBound(numbers: Int32Array, count: number, value: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
