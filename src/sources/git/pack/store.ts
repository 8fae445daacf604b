/**
 * The objects of a repository on disk, read without git: one by one, or all of them in parts for worker threads. What
 * cannot be read is told and the rest goes on.
 */
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { SourceProblem } from '../../../model/blob.ts'
import { cutParts, findLogs, findLoose } from './cut-parts.ts'
import { findObjectFolders } from './folders.ts'
import { openPackFile } from './pack-file.ts'
import { openIndex, type PackIndex, readShared } from './pack-index.ts'
import { damagedFile } from './problems.ts'
import { createReader, type GitObject } from './reader.ts'
import type { PackOptions, PackPart, PackShape, StoreShape } from './shape.ts'
import { type Survey, surveyPacks } from './survey.ts'

export interface ObjectStore {
  /** Any object by its id in hex; null where it is missing or damaged. */
  read(id: string): GitObject | null
  /** Whether it is there, in whatever state. */
  has(id: string): boolean
  /**
   * All blobs, commits, tags and logs of refs that were not read before, in about `count` parts of like cost; any thread
   * can walk them by `walkPart`. Reads the headers of all objects, which takes its time.
   */
  parts(count: number): PackPart[]
  /** Just these objects, by their ids in hex. */
  partOf(ids: Iterable<string>): PackPart
  /** Names of all packs, and what holds objects that were not read before. */
  newObjects(): { packs: string[]; indexes: PackIndex[]; loose: string[] }
  /** All commits and trees, in about `count` parts; any thread can walk them by `walkHistory`. */
  historyParts(count: number): PackPart[]
  /** Bytes of all packs that were not read before. */
  readonly packBytes: number
  /** Bytes of an id: 20, or 32 where the repository uses SHA-256. */
  readonly hashLength: number
  /** What was found wrong with packs and folders, and with objects that no part will tell of. */
  problems(): SourceProblem[]
  close(): void
}

const mebibyte = 1024 * 1024

/** @param gitDir folder with `HEAD`, of a bare repository, a working tree or a linked worktree */
export async function openObjectStore(gitDir: string, options: PackOptions = {}): Promise<ObjectStore> {
  const { objects, gitDirs, hashLength, problems } = findObjectFolders(gitDir)
  const packs: PackShape[] = []
  for (const folder of objects) {
    for (const path of packsOf(folder)) {
      try {
        packs.push(openShape(path, hashLength, problems))
      } catch {
        problems.push(damagedFile(path, 'this pack or its index is damaged and was not read; run git fsck'))
      }
    }
  }
  const shape: StoreShape = {
    folders: objects,
    hashLength,
    packs,
    maxBlobBytes: options.maxBlobBytes ?? 128 * mebibyte,
    maxKeptBytes: options.maxKeptBytes ?? 48 * mebibyte,
  }
  const reader = createReader(shape)
  const { before } = options
  const isDone = (path: string): boolean => before?.packs.has(nameOf(path)) === true
  const hasDone = packs.some(({ path }) => isDone(path))
  let all: Surveyed | null = null
  let fresh: Surveyed | null = null

  function surveyed(): Surveyed {
    if (all) return all
    const survey = surveyPacks(shape, reader)
    return (all = { survey, loose: findLoose(shape, survey, problems) })
  }

  /** As `surveyed`, though packs that were read before are not looked at. */
  function surveyedNew(): Surveyed {
    if (!hasDone) return surveyed()
    if (fresh) return fresh
    const survey = surveyPacks(shape, reader, isDone)
    return (fresh = { survey, loose: findLoose(shape, survey, problems) })
  }

  function emptyPart(): PackPart {
    return { kind: 'pack', store: shape, types: read, shares: [], loose: [], strays: [], logs: [], bytes: 0 }
  }

  return {
    read: (id) => reader.read(id),
    has: (id) => reader.has(Buffer.from(id, 'hex'), -1),
    parts(count) {
      const { survey, loose } = surveyedNew()
      problems.push(...survey.problems)
      const files = {
        loose: before ? loose.filter((id) => !before.ids.has(Buffer.from(id, 'hex'))) : loose,
        logs: findLogs(gitDirs),
      }
      const known =
        before &&
        (({ bytes, idsAt, idStride, count }: PackIndex) => before.ids.among(bytes, idsAt, idStride, count))
      return cutParts(shape, survey, files, read, count, known)
    },
    partOf: (ids) => ({ ...emptyPart(), strays: [...ids] }),
    // What is broken is told by the other walk.
    historyParts(count) {
      const { survey, loose } = surveyed()
      return cutParts(shape, survey, { loose, logs: [] }, ['tree', 'commit'], count)
    },
    newObjects() {
      const { survey, loose } = surveyedNew()
      return {
        packs: packs.map(({ path }) => nameOf(path)),
        indexes: survey.packs.flatMap((one) => one?.pack.index ?? []),
        loose,
      }
    },
    packBytes: packs.reduce((sum, { path }) => sum + (isDone(path) ? 0 : statSync(path).size), 0),
    hashLength,
    problems: () => [...problems],
    close: () => reader.close(),
  }
}

/** What is shown of a repository; trees hold names alone. */
const read = ['blob', 'commit', 'tag'] as const

interface Surveyed {
  survey: Survey
  loose: string[]
}

function nameOf(path: string): string {
  return basename(path, '.pack')
}

/** Packs that have an index. */
function packsOf(folder: string): string[] {
  try {
    const names = new Set(readdirSync(join(folder, 'pack')))
    const indexed = [...names]
      .filter((name) => name.endsWith('.idx'))
      .map((name) => name.replace(/idx$/, 'pack'))
    return indexed
      .filter((name) => names.has(name))
      .sort()
      .map((name) => join(folder, 'pack', name))
  } catch {
    return []
  }
}

function openShape(path: string, hashLength: number, problems: SourceProblem[]): PackShape {
  const index = readShared(path.replace(/pack$/, 'idx'))
  const { packChecksum } = openIndex(index, hashLength)
  const file = openPackFile(path)
  try {
    const head = Buffer.alloc(12)
    const trailer = Buffer.alloc(hashLength)
    file.read(head, 0, 12, 0)
    const version = head.readUInt32BE(4)
    if (head.toString('latin1', 0, 4) !== 'PACK' || (version !== 2 && version !== 3))
      throw new Error('no pack')
    file.read(trailer, 0, hashLength, Math.max(0, file.size - hashLength))
    const isSuspect = !trailer.equals(packChecksum)
    if (isSuspect) {
      problems.push(
        damagedFile(path, 'this pack is cut off or not that of its index; what could be read of it was'),
      )
    }
    return { path, index, isSuspect }
  } finally {
    file.close()
  }
}
