/** The walk over a stretch of a pack, in the order of its plan; what cannot be built is told once. */
import { Builder, type Failure, isFailure } from './builder.ts'
import { type ObjectType, typeNames } from './entry-header.ts'
import { Lineage } from './lineage.ts'
import { againFlag, levelMask, typeShift } from './plan.ts'
import { damagedFile, damagedObject, tooLarge } from './problems.ts'
import type { PackShare } from './shape.ts'
import { hasId, type ShownId, show, type Walk } from './visit.ts'

/** A base above the limit of what is shown is built where it is no more than this many times as large. */
const largerBases = 2

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
    const made = lineage.next(i)
    if (isFailure(made)) {
      if (type === 'blob') visit.skipped(level)
      if (!isAgain) missing(id.hex(), made, lineage.base === made)
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
      visit.blob(id, bytes, level, lineage.base && builder.copies, isAgain)
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
