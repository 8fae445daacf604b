/**
 * Walks the commits and trees of one part of a store, trees along their families of deltas. What cannot be built is
 * passed over: who needs it asks for it by its id, as another pack may have it.
 */
import { cacheBlocks } from './block-cache.ts'
import { Builder, type Failure, isFailure } from './builder.ts'
import { Heap, type Slot } from './heap.ts'
import { Lineage, type LineageVisitor } from './lineage.ts'
import { readLoose, typeNumber } from './loose.ts'
import { type PackPlan, typeShift } from './plan.ts'
import { createReader, type OpenPack, type Reader } from './reader.ts'
import type { PackPart, PackShare } from './shape.ts'
import { hasId } from './visit.ts'

export interface HistoryVisitor {
  /** A commit, by the id that stands at `at` in `ids`; `bytes` are overwritten after the call. */
  commit(ids: Buffer, at: number, bytes: Buffer): void
  /**
   * A tree. `level` and `copies` are as those of a blob in `Visitor`; a tree at a level that was not shown breaks the
   * family, and `copies` are null below it.
   */
  tree(ids: Buffer, at: number, bytes: Buffer, level: number, copies: Uint32Array | null): void
}

const commitNumber = typeNumber('commit')
/** Blocks are read ahead already. */
const readAhead = 1
/** Bytes of the pack kept in memory. */
const maxBlocks = 24 * 1024 * 1024

/** Throws only what the visitor throws. */
export function walkHistory(part: PackPart, visit: HistoryVisitor): void {
  const heap = new Heap()
  const reader = createReader(part.store)
  try {
    for (const share of part.shares) {
      const pack = reader.packs[share.pack]
      if (pack) walkPack(part, share, pack, heap, reader, visit)
    }
    heap.reset()
    for (const id of part.loose) showLoose(part, id, heap, visit)
  } finally {
    reader.close()
  }
}

function walkPack(
  { store }: PackPart,
  { plan, from, to }: PackShare,
  pack: OpenPack,
  heap: Heap,
  reader: Reader,
  visit: HistoryVisitor,
): void {
  heap.reset()
  const file = cacheBlocks(pack.file, maxBlocks)
  const builder = new Builder(heap, { ...pack, file }, store.maxBlobBytes, () => reader, readAhead)
  const shown = new ShownHistory(pack, plan, heap, builder, visit)
  new Lineage(heap, builder, plan).walk(from, to, store.maxKeptBytes, shown)
}

/** Shows what is built. */
class ShownHistory implements LineageVisitor {
  readonly #pack: OpenPack
  readonly #plan: PackPlan
  readonly #heap: Heap
  readonly #builder: Builder
  readonly #visit: HistoryVisitor
  /** By level: whether the last tree there was shown. */
  readonly #shown: boolean[] = [false]

  constructor(pack: OpenPack, plan: PackPlan, heap: Heap, builder: Builder, visit: HistoryVisitor) {
    this.#pack = pack
    this.#plan = plan
    this.#heap = heap
    this.#builder = builder
    this.#visit = visit
  }

  unknown(level: number): void {
    this.#shown[level] = false
  }

  take(i: number, level: number, made: Slot | Failure, base: Slot | Failure | null): void {
    this.#shown[level] = false
    if (isFailure(made)) return
    const { index, isSuspect } = this.#pack
    const isCommit = (((this.#plan.levels[i] as number) >> typeShift) & 7) === commitNumber
    const position = this.#plan.positions[i] as number
    const bytes = this.#heap.bytes.subarray(made.at, made.at + made.size)
    if (isSuspect && !hasId(index.id(position), isCommit ? 'commit' : 'tree', bytes)) return
    const at = index.idsAt + position * index.idStride
    if (isCommit) this.#visit.commit(index.bytes, at, bytes)
    else {
      const copies = base && this.#shown[level - 1] === true ? this.#builder.copies : null
      this.#visit.tree(index.bytes, at, bytes, level, copies)
      this.#shown[level] = true
    }
  }
}

function showLoose({ store }: PackPart, id: string, heap: Heap, visit: HistoryVisitor): void {
  for (const folder of store.folders) {
    const found = readLoose(folder, id, heap, (type) => type === 'commit' || type === 'tree')
    if (found === null) continue
    if (typeof found === 'string' || !found.slot) return
    const at = found.slot.at + found.start
    const bytes = heap.bytes.subarray(at, at + found.size)
    const name = Buffer.from(id, 'hex')
    if (found.type === 'commit') visit.commit(name, 0, bytes)
    else visit.tree(name, 0, bytes, 0, null)
    heap.release(found.slot)
    return
  }
}
