/**
 * Objects of a pack built depth first in the order of its plan. The last object built at each level is kept until the
 * last of its children is; where they grow beyond the bound, those nearest to the root go, and are built anew when their
 * next child comes.
 */
import { type Builder, type Failure, isFailure } from './builder.ts'
import type { Heap, Slot } from './heap.ts'
import { lastFlag, levelMask, type PackPlan } from './plan.ts'

/** Between families the heap starts over when it has handed out more. */
const usualReach = 16 * 1024 * 1024

export interface LineageVisitor {
  /** What the first object is made from at this level is not known: it is not in the stretch. */
  unknown(level: number): void
  /** An object of the plan, or why there is none; `base` is what it was made from, null where it is stored whole. */
  take(i: number, level: number, made: Slot | Failure, base: Slot | Failure | null): void
}

/** The objects above the one at hand, up to its root. */
export class Lineage {
  /** Bytes of those that are kept. */
  #bytes = 0
  readonly #heap: Heap
  readonly #builder: Builder
  readonly #plan: PackPlan
  /** By level: the last object; null where it is gone for now, a failure where it cannot be had. */
  readonly #kept: (Slot | Failure | null)[] = [null]
  /** By level: its place in the plan. */
  readonly #way: number[] = [0]
  /** Levels in use. */
  #height = 0

  constructor(heap: Heap, builder: Builder, plan: PackPlan) {
    this.#heap = heap
    this.#builder = builder
    this.#plan = plan
  }

  /** Builds the objects from `from` to `to`, with no more than `maxKept` bytes of them kept at once. */
  walk(from: number, to: number, maxKept: number, visit: LineageVisitor): void {
    const above = this.#begin(from, to)
    for (let level = 0; level < above; level++) visit.unknown(level)
    this.#each(from, to, maxKept, visit)
    this.#forget(0)
  }

  /** Nothing but the loop: V8 makes fast code of a loop while it runs, and throws it away where something follows. */
  #each(from: number, to: number, maxKept: number, visit: LineageVisitor): void {
    for (let i = from; i < to; i++) this.#next(i, maxKept, visit)
  }

  /** Finds what is above the first object, which may be anywhere in its family; answers its level. */
  #begin(first: number, end: number): number {
    const level = first < end ? (this.#plan.levels[first] as number) & levelMask : 0
    for (let i = 0; i < level; i++) {
      this.#kept[i] = null
      this.#way[i] = 0
    }
    for (let i = first - 1, wanted = level - 1; i >= 0 && wanted >= 0; i--) {
      if (((this.#plan.levels[i] as number) & levelMask) !== wanted) continue
      this.#way[wanted] = i
      wanted -= 1
    }
    this.#height = level
    return level
  }

  /** Leaves what is not above the object at a place of the plan, and builds it; where its base failed, that is told. */
  #next(i: number, maxKept: number, visit: LineageVisitor): void {
    const flags = this.#plan.levels[i] as number
    const level = flags & levelMask
    if (level === 0 && this.#heap.reach > usualReach) {
      this.#forget(0)
      this.#heap.reset()
      this.#builder.reset()
    }
    this.#forget(level)
    this.#way[level] = i
    const base = level === 0 ? null : this.#baseOf(level)
    const made = base && isFailure(base) ? base : this.#build(i, base)
    if (level > 0 && (flags & lastFlag) !== 0) this.#free(level - 1)
    this.#keep(level, made)
    this.#height = level + 1
    visit.take(i, level, made, base)
    if (this.#bytes > maxKept) this.#shed(level, maxKept)
  }

  #build(i: number, base: Slot | null): Slot | Failure {
    const { offsets, lengths } = this.#plan
    return this.#builder.build(offsets[i] as number, lengths[i] as number, base)
  }

  #forget(fromLevel: number): void {
    for (let level = this.#height - 1; level >= fromLevel; level--) this.#free(level)
    if (this.#height > fromLevel) this.#height = fromLevel
  }

  /** Lets go of bases from the root on, though not of the object itself. */
  #shed(level: number, limit: number): void {
    for (let i = 0; i < level && this.#bytes > limit; i++) this.#free(i)
  }

  #keep(level: number, made: Slot | Failure): void {
    this.#kept[level] = made
    if (!isFailure(made)) this.#bytes += made.size
  }

  #free(level: number): void {
    const slot = this.#kept[level]
    if (!slot || isFailure(slot)) return
    this.#heap.release(slot)
    this.#bytes -= slot.size
    this.#kept[level] = null
  }

  /** The object above a level, built anew where it was let go. */
  #baseOf(level: number): Slot | Failure {
    const kept = this.#kept[level - 1]
    if (kept) return kept
    let top = level - 1
    while (top > 0 && !this.#kept[top]) top -= 1
    let made = this.#kept[top] ?? null
    for (let at = made ? top + 1 : 0; at < level && !(made && isFailure(made)); at++) {
      const next: Slot | Failure = this.#build(this.#way[at] as number, made)
      if (made && made !== this.#kept[at - 1]) this.#heap.release(made)
      made = next
    }
    const base = made ?? { why: 'it has no base' }
    this.#keep(level - 1, base)
    return base
  }
}
