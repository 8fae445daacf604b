/**
 * The walk over a stretch of a pack, depth first in the order of its plan. The last object built at each level is kept
 * until the last of its children is; where they grow beyond the bound, those nearest to the root go, and are built
 * anew when their next child comes.
 */
import { Builder, type Failure, isFailure } from './builder.ts'
import { type ObjectType, typeNames } from './entry-header.ts'
import type { Heap, Slot } from './heap.ts'
import { againFlag, lastFlag, levelMask, type PackPlan, typeShift } from './plan.ts'
import { damagedFile, damagedObject, tooLarge } from './problems.ts'
import type { PackShare } from './shape.ts'
import { hasId, type ShownId, show, type Walk } from './visit.ts'

/** A base above the limit of what is shown is built where it is no more than this many times as large. */
const largerBases = 2
/** Between families the heap starts over when it has handed out more. */
const usualReach = 16 * 1024 * 1024

export function walkShare(walk: Walk, share: PackShare): void {
  const { heap, visit, stats, problems, part } = walk
  const { maxBlobBytes, maxKeptBytes } = part.store
  const { from, to, plan } = share
  const pack = walk.reader().packs[share.pack]
  const path = part.store.packs[share.pack]?.path ?? ''
  if (!pack) {
    problems.add(damagedFile(path, 'this pack was there and cannot be opened any more; scan again'))
    return
  }
  heap.reset()
  const builder = new Builder(heap, pack, largerBases * maxBlobBytes, walk.reader)
  const lineage = new Lineage(heap, builder, plan)
  const firstLevel = lineage.begin(from, to)
  for (let level = 0; level < firstLevel; level++) visit.skipped(level)
  /** Objects that could not be built since others could not. */
  let lost = 0
  let position = 0
  const id: ShownId = { hex: () => pack.index.id(position), bytes: () => pack.index.idBytes(position) }

  for (let i = from; i < to; i++) {
    const flags = plan.levels[i] as number
    const level = flags & levelMask
    const isAgain = (flags & againFlag) !== 0
    const type = typeNames[(flags >> typeShift) & 7] as ObjectType
    position = plan.positions[i] as number
    if (level === 0 && heap.reach > usualReach) {
      lineage.forget(0)
      heap.reset()
      builder.reset()
    }
    const base = lineage.enter(i, level)
    const made = base && isFailure(base) ? lineage.inherit(level, base) : lineage.build(i, level, base)
    if (isFailure(made)) {
      if (type === 'blob') visit.skipped(level)
      if (!isAgain) missing(id.hex(), made, base === made)
      continue
    }
    const bytes = heap.bytes.subarray(made.at, made.at + made.size)
    if (made.size > maxBlobBytes || (pack.isSuspect && !hasId(id.hex(), type, bytes))) {
      if (type === 'blob') visit.skipped(level)
      const why = made.size > maxBlobBytes ? null : 'its content is that of another object'
      if (!isAgain) missing(id.hex(), { why }, false)
    } else if (type === 'blob') {
      stats.blobs += 1
      stats.bytes += made.size
      visit.blob(id, bytes, level, base && builder.copies, isAgain)
    } else if (!isAgain) {
      stats.others += 1
      visit.other(type, id, bytes)
    }
    if (lineage.bytes > maxKeptBytes) lineage.shed(level, maxKeptBytes)
  }
  lineage.forget(0)
  if (lost > 0) problems.add(damagedFile(path, `${lost} more objects are made from damaged ones`))

  /** Tells once of what is broken, counts what hangs on it, and looks for other copies of both. */
  function missing(id: string, { why }: Failure, isBase: boolean): void {
    if (why === null) {
      problems.add(tooLarge(id, maxBlobBytes, isBase))
      return
    }
    const copy = walk.reader().read(id, share.pack)
    if (copy && copy.bytes.length <= maxBlobBytes) {
      show(walk, copy.type, id, copy.bytes)
      if (copy.type === 'blob') visit.skipped(0)
    } else if (isBase) lost += 1
    else problems.add(damagedObject(id, why))
  }
}

/** The objects above the one at hand, up to its root. */
export class Lineage {
  /** Bytes of those that are there. */
  bytes = 0
  readonly #heap: Heap
  readonly #builder: Builder
  readonly #plan: PackPlan
  /** By level: the last object; null where it is gone for now, a failure where it cannot be had. */
  readonly #kept: (Slot | Failure | null)[] = []
  /** By level: its place in the plan. */
  readonly #way: number[] = []
  /** Levels in use. */
  #height = 0

  constructor(heap: Heap, builder: Builder, plan: PackPlan) {
    this.#heap = heap
    this.#builder = builder
    this.#plan = plan
  }

  /** Finds what is above the first object, which may be anywhere in its family; answers its level. */
  begin(first: number, end: number): number {
    const level = first < end ? (this.#plan.levels[first] as number) & levelMask : 0
    for (let i = 0; i < level; i++) {
      this.#kept.push(null)
      this.#way.push(0)
    }
    for (let i = first - 1, wanted = level - 1; i >= 0 && wanted >= 0; i--) {
      if (((this.#plan.levels[i] as number) & levelMask) !== wanted) continue
      this.#way[wanted] = i
      wanted -= 1
    }
    this.#height = level
    return level
  }

  /** Leaves what is not above the object, and answers its base; null for a root. */
  enter(i: number, level: number): Slot | Failure | null {
    this.forget(level)
    this.#way[level] = i
    return level === 0 ? null : this.#baseOf(level)
  }

  build(i: number, level: number, base: Slot | null): Slot | Failure {
    const { offsets, lengths, levels } = this.#plan
    const made = this.#builder.build(offsets[i] as number, lengths[i] as number, base)
    if (level > 0 && ((levels[i] as number) & lastFlag) !== 0) this.#free(level - 1)
    this.#keep(level, made)
    this.#height = level + 1
    return made
  }

  /** What cannot be built since its base could not. */
  inherit(level: number, failure: Failure): Failure {
    this.#keep(level, failure)
    this.#height = level + 1
    return failure
  }

  forget(fromLevel: number): void {
    for (let level = this.#height - 1; level >= fromLevel; level--) this.#free(level)
    if (this.#height > fromLevel) this.#height = fromLevel
  }

  /** Lets go of bases from the root on, though not of the object itself. */
  shed(level: number, limit: number): void {
    for (let i = 0; i < level && this.bytes > limit; i++) this.#free(i)
  }

  #keep(level: number, made: Slot | Failure): void {
    this.#kept[level] = made
    if (!isFailure(made)) this.bytes += made.size
  }

  #free(level: number): void {
    const slot = this.#kept[level]
    if (!slot || isFailure(slot)) return
    this.#heap.release(slot)
    this.bytes -= slot.size
    this.#kept[level] = null
  }

  /** The object above a level, built anew where it was let go. */
  #baseOf(level: number): Slot | Failure {
    const kept = this.#kept[level - 1]
    if (kept) return kept
    const { offsets, lengths } = this.#plan
    let top = level - 1
    while (top > 0 && !this.#kept[top]) top -= 1
    let made = this.#kept[top] ?? null
    for (let at = made ? top + 1 : 0; at < level && !(made && isFailure(made)); at++) {
      const i = this.#way[at] as number
      const next: Slot | Failure = this.#builder.build(offsets[i] as number, lengths[i] as number, made)
      if (made && made !== this.#kept[at - 1]) this.#heap.release(made)
      made = next
    }
    const base = made ?? { why: 'it has no base' }
    this.#keep(level - 1, base)
    return base
  }
}
