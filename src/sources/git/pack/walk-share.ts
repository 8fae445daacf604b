/** The walk over a stretch of a pack, in the order of its plan; what cannot be built is told once. */
import { Builder, type Failure, isFailure } from './builder.ts'
import { type ObjectType, typeNames } from './entry-header.ts'
import type { Slot } from './heap.ts'
import { Lineage, type LineageVisitor } from './lineage.ts'
import type { PackIndex } from './pack-index.ts'
import { againFlag, typeShift } from './plan.ts'
import { damagedFile, damagedObject, tooLarge } from './problems.ts'
import type { OpenPack } from './reader.ts'
import type { PackShare } from './shape.ts'
import { hasId, type ShownId, show, type Walk } from './visit.ts'

/** A base above the limit of what is shown is built where it is no more than this many times as large. */
const largerBases = 2

export function walkShare(walk: Walk, share: PackShare): void {
  const { heap, problems, part } = walk
  const pack = walk.reader().packs[share.pack]
  const path = part.store.packs[share.pack]?.path ?? ''
  if (!pack) {
    problems.add(damagedFile(path, 'this pack was there and cannot be opened any more; scan again'))
    return
  }
  heap.reset()
  const builder = new Builder(heap, pack, largerBases * part.store.maxBlobBytes, walk.reader)
  const shown = new ShownShare(walk, share, pack, builder)
  new Lineage(heap, builder, share.plan).walk(share.from, share.to, part.store.maxKeptBytes, shown)
  if (shown.lost > 0) problems.add(damagedFile(path, `${shown.lost} more objects are made from damaged ones`))
}

/** Shows what is built. */
class ShownShare implements LineageVisitor {
  /** Objects that could not be built since others could not. */
  lost = 0
  readonly #walk: Walk
  readonly #share: PackShare
  readonly #pack: OpenPack
  readonly #builder: Builder
  readonly #id: PackedId

  constructor(walk: Walk, share: PackShare, pack: OpenPack, builder: Builder) {
    this.#walk = walk
    this.#share = share
    this.#pack = pack
    this.#builder = builder
    this.#id = new PackedId(pack.index)
  }

  unknown(level: number): void {
    this.#walk.visit.skipped(level)
  }

  take(i: number, level: number, made: Slot | Failure, base: Slot | Failure | null): void {
    const { visit, heap, stats, part } = this.#walk
    const { plan } = this.#share
    const { maxBlobBytes } = part.store
    const id = this.#id
    const flags = plan.levels[i] as number
    const isAgain = (flags & againFlag) !== 0
    const type = typeNames[(flags >> typeShift) & 7] as ObjectType
    id.position = plan.positions[i] as number
    if (isFailure(made)) {
      if (type === 'blob') visit.skipped(level)
      if (!isAgain) this.#missing(made, base === made)
      return
    }
    const bytes = heap.bytes.subarray(made.at, made.at + made.size)
    if (made.size > maxBlobBytes || (this.#pack.isSuspect && !hasId(id.hex(), type, bytes))) {
      if (type === 'blob') visit.skipped(level)
      const why = made.size > maxBlobBytes ? null : 'its content is that of another object'
      if (!isAgain) this.#missing({ why }, false)
    } else if (type === 'blob') {
      stats.blobs += 1
      stats.bytes += made.size
      visit.blob(id, bytes, level, base && this.#builder.copies, isAgain)
    } else if (!isAgain) {
      stats.others += 1
      visit.other(type, id, bytes)
    }
  }

  /** Tells once of what is broken, counts what hangs on it, and looks for other copies of both. */
  #missing({ why }: Failure, isBase: boolean): void {
    const { problems, part, reader, visit } = this.#walk
    const { maxBlobBytes } = part.store
    const id = this.#id.hex()
    if (why === null) {
      problems.add(tooLarge(id, maxBlobBytes, isBase))
      return
    }
    const copy = reader().read(id, this.#share.pack)
    if (copy && copy.bytes.length <= maxBlobBytes) {
      show(this.#walk, copy.type, id, copy.bytes)
      if (copy.type === 'blob') visit.skipped(0)
    } else if (isBase) this.lost += 1
    else problems.add(damagedObject(id, why))
  }
}

/** The id of the object at hand. */
class PackedId implements ShownId {
  position = 0
  readonly #index: PackIndex

  constructor(index: PackIndex) {
    this.#index = index
  }

  hex(): string {
    return this.#index.id(this.position)
  }

  bytes(): Buffer {
    return this.#index.idBytes(this.position)
  }
}
