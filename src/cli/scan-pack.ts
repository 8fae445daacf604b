/**
 * A share of a repository's objects: blobs along their deltas, of which only what is new is scanned, and what people wrote
 * in commits, tags and logs of refs. Archives are noted on the way and unpacked at the end, one by one.
 */
import { type Blob, isProblem, type Place, type SourceProblem } from '../model/blob.ts'
import { addStats } from '../model/hit.ts'
import type { PackPart, UnitPart } from '../model/unit.ts'
import type { Engine } from '../scan/engine.ts'
import type { TextBatch } from '../scan/text-batch.ts'
import type { TreeScanner } from '../scan/tree/tree-scanner.ts'
import { detectFormat } from '../sources/archive/format.ts'
import { unpackAll } from '../sources/archive/unpack.ts'
import { blobPlace, logPlace, messagePlace } from '../sources/git/object-place.ts'
import { logText, personText } from '../sources/git/object-text.ts'
import type { ObjectType } from '../sources/git/pack/entry-header.ts'
import { createReader } from '../sources/git/pack/reader.ts'
import type { PackPart as Share } from '../sources/git/pack/shape.ts'
import type { ShownId, Visitor } from '../sources/git/pack/visit.ts'
import { walkPart } from '../sources/git/pack/walk.ts'
import { excludedProblem, isExcluded, scanBlob } from './scan-blob.ts'
import type { PartWork } from './scan-part.ts'

/** Objects between two looks at whether to go on. */
const lookEvery = 256

/** Answers that nothing is left to do. */
export async function scanPack(part: PackPart, work: PartWork): Promise<UnitPart[]> {
  const share = part.share as Share
  const archives = await scanObjects(part, share, work)
  if (archives.length > 0) await scanArchives(archives, part, share, work)
  return []
}

/** Answers ids of blobs that are archives. */
async function scanObjects(part: PackPart, share: Share, work: PartWork): Promise<string[]> {
  const engine = await work.engine()
  const { sums } = work
  const started = performance.now()
  const visitor = new ScanVisitor(part, engine, work)
  const { problems } = walkPart(share, visitor)
  visitor.texts.finish()
  for (const problem of problems) work.report(problem)
  addStats(sums.engine, visitor.blobs.stats())
  addStats(sums.engine, visitor.texts.stats())
  sums.bytesRead += part.bytes
  // Reading and scanning take turns for every object: apart they are not told.
  sums.milliseconds.scan += performance.now() - started
  work.onProgress()
  return visitor.archives
}

/** Scans what the walk shows. A class, and no literal with functions: those V8 compiles anew for each part. */
class ScanVisitor implements Visitor {
  readonly blobs: TreeScanner
  readonly texts: TextBatch<(text: Buffer) => Place>
  readonly archives: string[] = []
  readonly #part: PackPart
  readonly #work: PartWork
  #seen = 0

  constructor(part: PackPart, engine: Engine, work: PartWork) {
    this.#part = part
    this.#work = work
    this.blobs = engine.tree()
    this.texts = engine.batch((hits, place, text) => {
      work.tell(() => place(text), hits)
    })
  }

  blob(id: ShownId, bytes: Buffer, level: number, copies: Uint32Array | null, again: boolean): void {
    if (detectFormat(bytes) === null) {
      const hits = this.blobs.scan(bytes, level, copies)
      if (hits.length > 0 && !again) this.#work.tell(() => blobPlace(id.hex(), this.#part), hits)
    } else {
      this.blobs.lose(level)
      if (!again) this.archives.push(id.hex())
    }
    this.#look()
  }

  skipped(level: number): void {
    this.blobs.lose(level)
  }

  other(type: Exclude<ObjectType, 'blob'>, id: ShownId, bytes: Buffer): void {
    if (type === 'tree') return
    const name = id.hex()
    const place = (text: Buffer): Place => messagePlace(type, name, text, this.#part)
    if (this.#work.excluded(type === 'commit' ? 'COMMIT_MSG' : 'TAG_MSG'))
      this.#work.report(excludedProblem(place(bytes)))
    else this.texts.add(personText(bytes), place)
    this.#look()
  }

  log(name: string, bytes: Buffer): void {
    const place = logPlace(name, this.#part)
    if (isExcluded(place, this.#work)) this.#work.report(excludedProblem(place))
    else this.texts.add(logText(bytes), () => place)
  }

  #look(): void {
    if (++this.#seen % lookEvery > 0) return
    this.#work.onProgress()
    this.#work.signal.throwIfAborted()
  }
}

async function scanArchives(
  ids: readonly string[],
  part: PackPart,
  share: Share,
  work: PartWork,
): Promise<void> {
  const reader = createReader(share.store)
  async function* read(): AsyncGenerator<Blob | SourceProblem> {
    for (const id of ids) {
      const object = reader.read(id)
      if (object) yield blobOf(id, object.bytes, part)
    }
  }
  try {
    for await (const item of unpackAll(read(), work.archive, work.signal)) {
      if (isProblem(item)) work.report(item)
      else {
        const hits = await scanBlob(item, work)
        work.tell(() => item.place, hits)
      }
    }
  } finally {
    reader.close()
  }
}

function blobOf(id: string, bytes: Buffer, part: PackPart): Blob {
  return {
    place: blobPlace(id, part),
    size: bytes.length,
    contentId: id,
    async *open() {
      yield bytes
    },
    read: async (start, end) => bytes.subarray(start, end),
  }
}
