/**
 * Walks one part of a store: rebuilds every blob along the families of deltas and shows it with what it shares with its
 * base. All bytes are read, decompressed and rebuilt within one heap; what is shown is a view on it.
 */
import { readFileSync, statSync } from 'node:fs'
import type { ObjectType } from './entry-header.ts'
import { Heap } from './heap.ts'
import { readLoose } from './loose.ts'
import { createProblemList, damagedFile, damagedObject, tooLarge } from './problems.ts'
import { createReader, type Reader } from './reader.ts'
import type { PackPart } from './shape.ts'
import { type PartStats, show, type Visitor, type Walk } from './visit.ts'
import { walkShare } from './walk-share.ts'

let idle: Heap | null = null

/** Throws only what the visitor throws. */
export function walkPart(part: PackPart, visit: Visitor): PartStats {
  // One for each thread, as memory of WebAssembly is returned late.
  const heap = idle ?? new Heap()
  idle = null
  let reader: Reader | null = null
  const problems = createProblemList()
  const stats: PartStats = { blobs: 0, bytes: 0, others: 0, problems: problems.all }
  const walk: Walk = {
    part,
    heap,
    visit,
    stats,
    problems,
    reader: () => (reader ??= createReader(part.store)),
  }
  try {
    for (const share of part.shares) walkShare(walk, share)
    heap.reset()
    for (const id of part.loose) walkLoose(walk, id)
    for (const id of part.strays) walkStray(walk, id)
    for (const log of part.logs) walkLog(walk, log)
    problems.finish('objects')
    return stats
  } finally {
    ;(reader as Reader | null)?.close()
    heap.reset()
    idle = heap
  }
}

function walkLoose({ part, heap, visit, stats, problems }: Walk, id: string): void {
  const { folders, maxBlobBytes } = part.store
  const wants = (type: ObjectType) => part.types.includes(type)
  for (const folder of folders) {
    const found = readLoose(folder, id, heap, (type, size) => wants(type) && size <= maxBlobBytes)
    if (found === null) continue
    if (typeof found === 'string') problems.add(damagedObject(id, found))
    else if (found.slot) {
      const at = found.slot.at + found.start
      show({ visit, stats }, found.type, id, heap.bytes.subarray(at, at + found.size))
      heap.release(found.slot)
    } else if (wants(found.type)) problems.add(tooLarge(id, maxBlobBytes))
    return
  }
  // Packed and removed meanwhile, maybe.
  problems.add(damagedObject(id, 'it was there and is not any more'))
}

function walkStray({ part, visit, stats, problems, reader }: Walk, id: string): void {
  const { types, store } = part
  const found = reader().read(id)
  if (!found) problems.add(damagedObject(id, 'its place in a pack holds no object, and other places neither'))
  else if (!types.includes(found.type)) return
  else if (found.bytes.length > store.maxBlobBytes) problems.add(tooLarge(id, store.maxBlobBytes))
  else show({ visit, stats }, found.type, id, found.bytes)
}

function walkLog(
  { part, visit, stats, problems }: Walk,
  { path, name }: { path: string; name: string },
): void {
  try {
    if (statSync(path).size > part.store.maxBlobBytes) {
      problems.add(tooLarge(name, part.store.maxBlobBytes))
      return
    }
    visit.log(name, readFileSync(path))
    stats.others += 1
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    problems.add(damagedFile(name, 'this log of a ref cannot be read'))
  }
}
