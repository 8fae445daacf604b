/** What a walk shows, to whom, and what its pieces share. */
import { createHash } from 'node:crypto'
import type { SourceProblem } from '../../../model/blob.ts'
import type { ObjectType } from './entry-header.ts'
import type { Heap } from './heap.ts'
import type { ProblemList } from './problems.ts'
import type { Reader } from './reader.ts'
import type { PackPart } from './shape.ts'

/** The id of what is shown, made up only where it is asked for; not to be used after the call. */
export interface ShownId {
  /** In lower hex. */
  hex(): string
  /** A view on its bytes. */
  bytes(): Buffer
}

export interface Visitor {
  /**
   * A blob. `level` 0: stored whole; n: made from the last blob shown or skipped at level n-1. `copies`: triples (offset in
   * blob, offset in base, length), ascending, none continuing the one before; null: not known. Both arrays are
   * overwritten after the call. `again`: it is shown elsewhere too, and here for the sake of what is made from it.
   */
  blob(id: ShownId, bytes: Buffer, level: number, copies: Uint32Array | null, again: boolean): void
  /** The blob at this level is not shown, or not known: what is made from it has no base. */
  skipped(level: number): void
  /** Not a blob; `bytes` are overwritten after the call. */
  other(type: Exclude<ObjectType, 'blob'>, id: ShownId, bytes: Buffer): void
  /** The log of a ref, by its path in the repository. */
  log(name: string, bytes: Buffer): void
}

export interface PartStats {
  blobs: number
  /** Bytes of all blobs shown. */
  bytes: number
  /** Commits, tags and logs shown. */
  others: number
  problems: SourceProblem[]
}

/** What the walks over packs, files and logs share. */
export interface Walk {
  part: PackPart
  heap: Heap
  visit: Visitor
  stats: PartStats
  problems: ProblemList
  /** Opened when a copy elsewhere is needed, or by the first pack. */
  reader: () => Reader
}

/** Shows an object that has nothing to do with any before it. */
export function show(
  { visit, stats }: Pick<Walk, 'visit' | 'stats'>,
  type: ObjectType,
  id: string,
  bytes: Buffer,
): void {
  if (type === 'blob') {
    stats.blobs += 1
    stats.bytes += bytes.length
    visit.blob(idFrom(id), bytes, 0, null, false)
  } else {
    stats.others += 1
    visit.other(type, idFrom(id), bytes)
  }
}

function idFrom(hex: string): ShownId {
  return { hex: () => hex, bytes: () => Buffer.from(hex, 'hex') }
}

/** Whether content is what its id says. */
export function hasId(id: string, type: string, bytes: Buffer): boolean {
  const hash = createHash(id.length === 40 ? 'sha1' : 'sha256')
  return hash.update(`${type} ${bytes.length}\0`).update(bytes).digest('hex') === id
}
