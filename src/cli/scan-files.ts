/**
 * The files of a part. Small ones are read and scanned whole without a promise: a folder of many thousand costs little
 * more than the system calls. Large files and large archives are left to be parts of their own.
 */
import { setImmediate } from 'node:timers/promises'
import { type Blob, isProblem, type Place } from '../model/blob.ts'
import { addStats } from '../model/hit.ts'
import type { FilesPart, UnitPart } from '../model/unit.ts'
import type { Engine } from '../scan/engine.ts'
import { detectFormat, headSize } from '../sources/archive/format.ts'
import { readFile } from '../sources/files/open.ts'
import { type OpenFile, openFile } from '../sources/files/open-file.ts'
import { pathShower } from '../sources/files/shown-path.ts'
import { join, systemPath, textOf } from '../sources/files/walk.ts'
import { excludedProblem, isExcluded, reportFailure, scanBlob } from './scan-blob.ts'
import type { PartWork } from './scan-part.ts'

/** Longest file that is read whole: what the engine scans at once. */
const longestWhole = 4 * 1024 * 1024
/** Longest archive that is unpacked in the company of other files. */
const longestInCompany = 64 * 1024
/** Bytes after which the rest of a part is for others to do. */
const enough = 16 * 1024 * 1024
/** Read at once of a file that is not read whole. */
const chunkLength = 1024 * 1024
/** Where a file states no size. */
const unstatedLength = 64 * 1024

/** What is to be done with a file that was not scanned whole; what is for later is a part of its own. */
type Left = 'done' | 'archive' | 'long' | 'later' | 'archive later'

interface OneFile {
  /** Latin-1. */
  path: string
  place: Place
  /** The only one of its part. */
  alone: boolean
}

/** Answers what is left to do. */
export async function scanFiles(part: FilesPart, work: PartWork): Promise<UnitPart[]> {
  const engine = await work.engine()
  const rest: UnitPart[] = []
  const alone = part.paths.length === 1
  const shown = pathShower(part.target)
  const before = work.sums.bytesRead
  for (const [index, path] of part.paths.entries()) {
    if (work.signal.aborted) break
    const done = work.sums.bytesRead - before
    if (done > enough) return [...rest, ...split(part, index, done)]
    const place: Place = { type: 'file', path: shown(textOf(path)) }
    const file = { path: join(part.root, path), place, alone }
    const left = scanWhole(file, engine, work)
    if (left === 'later') rest.push({ ...part, paths: [path], bytes: 0 })
    else if (left === 'archive later') rest.push({ ...part, paths: [path], bytes: 0, archive: true })
    else if (left === 'archive') await scanArchive(file, work)
    else if (left === 'long') await scanLong(file, work)
    work.onProgress()
  }
  return rest
}

/** What is left of a part that turned out to be large, in shares of about as many bytes as were done. */
function split(part: FilesPart, from: number, done: number): FilesPart[] {
  const share = Math.max(1, Math.floor((from * enough) / done))
  const shares: FilesPart[] = []
  for (let at = from; at < part.paths.length; at += share)
    shares.push({ ...part, paths: part.paths.slice(at, at + share), bytes: 0 })
  return shares
}

function scanWhole({ path, place, alone }: OneFile, engine: Engine, work: PartWork): Left {
  if (isExcluded(place, work)) {
    work.report(excludedProblem(place))
    return 'done'
  }
  const { sums } = work
  const started = performance.now()
  try {
    const bytes = readWhole(path, alone, engine)
    sums.milliseconds.read += performance.now() - started
    if (typeof bytes === 'string') return bytes
    if (detectFormat(bytes.subarray(0, headSize)))
      return alone || bytes.length <= longestInCompany ? 'archive' : 'archive later'
    sums.bytesRead += bytes.length
    const read = performance.now()
    const { hits, stats } = engine.scanBytes(bytes)
    sums.milliseconds.scan += performance.now() - read
    addStats(sums.engine, stats)
    work.tell(() => place, hits)
  } catch (error) {
    reportFailure(error, place.path, work)
  }
  return 'done'
}

/** The bytes, valid until the engine is next called; or what else to do with one that is too long. */
function readWhole(path: string, alone: boolean, engine: Pick<Engine, 'lend'>): Buffer | Left {
  const file = openFile(systemPath(path))
  try {
    if (file.size <= longestWhole) {
      const length = file.size === 0 ? unstatedLength : file.size + 1
      const room = engine.lend(length) ?? roomFor(length)
      const filled = file.fill(room, 0)
      if (filled < room.length) return room.subarray(0, filled)
      return tooLong(room, alone)
    }
    const head = Buffer.alloc(headSize)
    return tooLong(head.subarray(0, file.fill(head, 0)), alone)
  } finally {
    file.close()
  }
}

function tooLong(bytes: Buffer, alone: boolean): Left {
  const isArchive = detectFormat(bytes.subarray(0, headSize)) !== null
  if (alone) return isArchive ? 'archive' : 'long'
  return isArchive ? 'archive later' : 'later'
}

let room = Buffer.alloc(0)

/** Where the engine lends none. Used again for each file: a new buffer for each is much work for the collector. */
function roomFor(length: number): Buffer {
  if (room.length < length)
    room = Buffer.allocUnsafeSlow(Math.min(longestWhole + 1, Math.max(length, 2 * room.length)))
  return room.subarray(0, length)
}

async function scanArchive({ path, place }: OneFile, work: PartWork): Promise<void> {
  const { unpackAll } = await import('../sources/archive/unpack.ts')
  for await (const item of unpackAll(readFile(path, place.path), work.archive, work.signal)) {
    if (isProblem(item)) work.report(item)
    else {
      const hits = await scanBlob(item, work)
      work.tell(() => item.place, hits)
    }
  }
}

async function scanLong({ path, place }: OneFile, work: PartWork): Promise<void> {
  const blob: Blob = { place, size: null, contentId: null, open: () => chunks(path) }
  const hits = await scanBlob(blob, work)
  work.tell(() => place, hits)
}

/** Each chunk is valid until the next is asked for: the engine copies what it keeps. */
async function* chunks(path: string): AsyncGenerator<Uint8Array> {
  let file: OpenFile | null = null
  try {
    file = openFile(systemPath(path))
    const chunk = Buffer.allocUnsafeSlow(chunkLength)
    for (let filled = chunk.length; filled === chunk.length; ) {
      filled = file.fill(chunk, 0)
      if (filled > 0) yield chunk.subarray(0, filled)
      // An interrupt, and whatever else waits in this thread, has its turn.
      await setImmediate()
    }
  } finally {
    file?.close()
  }
}
