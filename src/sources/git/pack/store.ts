/**
 * The objects of a repository on disk, read without git: one by one, or all of them in parts for worker threads. What
 * cannot be read is told and the rest goes on.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceProblem } from '../../../model/blob.ts'
import { cutParts, findLogs, findLoose } from './cut-parts.ts'
import { findObjectFolders } from './folders.ts'
import { openPackFile } from './pack-file.ts'
import { openIndex, readShared } from './pack-index.ts'
import { damagedFile } from './problems.ts'
import { createReader, type GitObject } from './reader.ts'
import type { PackOptions, PackPart, PackShape, StoreShape } from './shape.ts'
import { type Survey, surveyPacks } from './survey.ts'

export interface ObjectStore {
  /** Any object by its id in hex; null where it is missing or damaged. */
  read(id: string): GitObject | null
  /**
   * All blobs, commits, tags and logs of refs, in about `count` parts of like cost; any thread can walk them by
   * `walkPart`. Reads the headers of all objects, which takes its time.
   */
  parts(count: number): PackPart[]
  /** All commits and trees, in about `count` parts; any thread can walk them by `walkHistory`. */
  historyParts(count: number): PackPart[]
  /** Bytes of all packs. */
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
    maxKeptBytes: options.maxKeptBytes ?? 96 * mebibyte,
  }
  const reader = createReader(shape)
  let survey: Survey | null = null
  let loose: string[] = []

  function surveyed(): Survey {
    if (survey) return survey
    survey = surveyPacks(shape, reader)
    loose = findLoose(shape, survey, problems)
    problems.push(...survey.problems)
    return survey
  }

  return {
    read: (id) => reader.read(id),
    parts(count) {
      const found = surveyed()
      return cutParts(shape, found, { loose, logs: findLogs(gitDirs) }, ['blob', 'commit', 'tag'], count)
    },
    // What is broken is told by the other walk.
    historyParts: (count) => cutParts(shape, surveyed(), { loose, logs: [] }, ['tree', 'commit'], count),
    packBytes: packs.reduce((sum, { path }) => sum + statSync(path).size, 0),
    hashLength,
    problems: () => [...problems],
    close: () => reader.close(),
  }
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
