/**
 * Walks the commits and trees of one part of a store, trees along their families of deltas. What cannot be built is
 * passed over: who needs it asks for it by its id, as another pack may have it.
 */
import { cacheBlocks } from './block-cache.ts'
import { Builder, isFailure } from './builder.ts'
import { Heap } from './heap.ts'
import { Lineage } from './lineage.ts'
import { readLoose, typeNumber } from './loose.ts'
import { levelMask, typeShift } from './plan.ts'
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
  const { index, isSuspect } = pack
  heap.reset()
  const file = cacheBlocks(pack.file, maxBlocks)
  const builder = new Builder(heap, { ...pack, file }, store.maxBlobBytes, () => reader, readAhead)
  const lineage = new Lineage(heap, builder, plan)
  /** By level: whether the last one there was shown. */
  const shown: boolean[] = []
  for (let level = lineage.begin(from, to) - 1; level >= 0; level--) shown[level] = false
  for (let i = from; i < to; i++) {
    const flags = plan.levels[i] as number
    const level = flags & levelMask
    const isCommit = ((flags >> typeShift) & 7) === commitNumber
    const made = lineage.next(i)
    shown[level] = false
    if (isFailure(made)) continue
    const position = plan.positions[i] as number
    const bytes = heap.bytes.subarray(made.at, made.at + made.size)
    if (isSuspect && !hasId(index.id(position), isCommit ? 'commit' : 'tree', bytes)) continue
    const at = index.idsAt + position * index.idStride
    if (isCommit) visit.commit(index.bytes, at, bytes)
    else {
      const copies = lineage.base && shown[level - 1] === true ? builder.copies : null
      visit.tree(index.bytes, at, bytes, level, copies)
      shown[level] = true
    }
    if (lineage.bytes > store.maxKeptBytes) lineage.shed(level, store.maxKeptBytes)
  }
  lineage.forget(0)
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
