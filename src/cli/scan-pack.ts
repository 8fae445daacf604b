/**
 * A share of a repository's objects: blobs along their deltas, of which only what is new is scanned, and what people wrote
 * in commits, tags and logs of refs. Archives are noted on the way and unpacked at the end, one by one.
 */
import { type Blob, isProblem, type Place, type SourceProblem } from '../model/blob.ts'
import { addStats } from '../model/hit.ts'
import type { PackPart, UnitPart } from '../model/unit.ts'
import { detectFormat, headSize } from '../sources/archive/format.ts'
import { unpackAll } from '../sources/archive/unpack.ts'
import { blobPlace, logPlace, messagePlace } from '../sources/git/object-place.ts'
import { logText, personText } from '../sources/git/object-text.ts'
import { createReader } from '../sources/git/pack/reader.ts'
import type { PackPart as Share } from '../sources/git/pack/shape.ts'
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
  const { sums, signal } = work
  const started = performance.now()
  const blobs = engine.tree()
  const texts = engine.batch((hits, place: (text: Buffer) => Place, text) => {
    work.tell(() => place(text), hits)
  })
  const archives: string[] = []
  let seen = 0

  function look(): void {
    if (++seen % lookEvery > 0) return
    work.onProgress()
    signal.throwIfAborted()
  }

  const { problems } = walkPart(share, {
    blob(id, bytes, level, copies, again) {
      if (detectFormat(bytes.subarray(0, headSize)) === null) {
        const hits = blobs.scan(bytes, level, copies)
        if (hits.length > 0 && !again) work.tell(() => blobPlace(id.hex(), part), hits)
      } else {
        blobs.lose(level)
        if (!again) archives.push(id.hex())
      }
      look()
    },
    skipped: (level) => blobs.lose(level),
    other(type, id, bytes) {
      if (type === 'tree') return
      const name = id.hex()
      const place = (text: Buffer): Place => messagePlace(type, name, text, part)
      if (work.excluded(type === 'commit' ? 'COMMIT_MSG' : 'TAG_MSG'))
        work.report(excludedProblem(place(bytes)))
      else texts.add(personText(bytes), place)
      look()
    },
    log(name, bytes) {
      const place = logPlace(name, part)
      if (isExcluded(place, work)) work.report(excludedProblem(place))
      else texts.add(logText(bytes), () => place)
    },
  })
  texts.finish()
  for (const problem of problems) work.report(problem)
  addStats(sums.engine, blobs.stats())
  addStats(sums.engine, texts.stats())
  sums.bytesRead += part.bytes
  // Reading and scanning take turns for every object: apart they are not told.
  sums.milliseconds.scan += performance.now() - started
  work.onProgress()
  return archives
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
