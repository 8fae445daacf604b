/** What git itself says is in a repository, and what our walk over its packs shows, in a form to compare. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { SourceProblem } from '../../src/model/blob.ts'
import type { PackOptions } from '../../src/sources/git/pack/shape.ts'
import { openObjectStore } from '../../src/sources/git/pack/store.ts'
import { walkPart } from '../../src/sources/git/pack/walk.ts'

/** Type of each object by its id, as `git cat-file` lists them. */
export function listedByGit(path: string): Map<string, string> {
  const listing = [
    'cat-file',
    '--batch-all-objects',
    '--unordered',
    '--batch-check=%(objectname) %(objecttype)',
  ]
  const text = execFileSync('git', ['-C', path, ...listing], { maxBuffer: 2 ** 28, encoding: 'utf8' })
  return new Map(
    text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ') as [string, string]),
  )
}

export interface Walked {
  /** Type of each object shown, by its id. */
  shown: Map<string, string>
  /** Text of each log of a ref. */
  logs: Map<string, string>
  /** Ids and names of logs shown more than once without being marked so. */
  twice: string[]
  /** Ids whose bytes are others, and those with a copy that does not reproduce. */
  wrong: string[]
  /** Blobs that came with their copies. */
  derived: number
  problems: SourceProblem[]
}

/** Walks all parts, as worker threads would get them, and checks each object as it is shown. */
export async function walkAll(gitDir: string, parts: number, options: PackOptions = {}): Promise<Walked> {
  const store = await openObjectStore(gitDir, options)
  const walked: Walked = { shown: new Map(), logs: new Map(), twice: [], wrong: [], derived: 0, problems: [] }
  const { shown, twice, wrong } = walked

  function take(kind: string, id: string, bytes: Buffer): void {
    if (shown.has(id)) twice.push(id)
    shown.set(id, kind)
    if (idOf(kind, bytes, id.length) !== id) wrong.push(id)
  }

  try {
    for (const part of store.parts(parts).map((part) => structuredClone(part))) {
      const bases: (Buffer | null)[] = []
      const stats = walkPart(part, {
        blob(shown, bytes, level, copies, again) {
          const id = shown.hex()
          if (!shown.bytes().equals(Buffer.from(id, 'hex'))) wrong.push(id)
          if (again) {
            if (idOf('blob', bytes, id.length) !== id) wrong.push(id)
          } else take('blob', id, bytes)
          if (copies) {
            walked.derived += 1
            if (!reproduces(bytes, bases[level - 1] ?? null, copies)) wrong.push(id)
          }
          bases[level] = Buffer.from(bytes)
        },
        skipped(level) {
          bases[level] = null
        },
        other: (type, id, bytes) => take(type, id.hex(), bytes),
        log(name, bytes) {
          if (walked.logs.has(name)) twice.push(name)
          walked.logs.set(name, bytes.toString())
        },
      })
      walked.problems.push(...stats.problems)
    }
    walked.problems.unshift(...store.problems())
    return walked
  } finally {
    store.close()
  }
}

/** Whether each triple copies what it says, and they rise, apart from one another. */
function reproduces(bytes: Buffer, base: Buffer | null, copies: Uint32Array): boolean {
  if (!base) return true
  let end = 0
  let baseEnd = -1
  for (let i = 0; i < copies.length; i += 3) {
    const [at = 0, from = 0, length = 0] = copies.subarray(i, i + 3)
    if (at < end || length === 0 || (i > 0 && at === end && from === baseEnd)) return false
    if (at + length > bytes.length || from + length > base.length) return false
    if (bytes.compare(base, from, from + length, at, at + length) !== 0) return false
    end = at + length
    baseEnd = from + length
  }
  return true
}

export function idOf(type: string, bytes: Buffer, length = 40): string {
  const hash = createHash(length === 40 ? 'sha1' : 'sha256')
  return hash.update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}
