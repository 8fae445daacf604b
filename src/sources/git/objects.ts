/**
 * Every blob, commit and tag in the object database, reachable or not. One git lists ids and sizes, a second
 * one, long-lived, is asked for those worth reading; its answers stream, so memory is that of one small object.
 *
 * A damaged object ends the second git in the middle of its answer. It is reported, a new one is started, and
 * what was asked for and not answered is asked for again.
 */
import { type Child, startChild, writeWhileOpen } from '../../base/child.ts'
import type { SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import { type ByteReader, createByteReader } from './byte-reader.ts'
import type { Repository } from './repository.ts'

type ObjectType = 'blob' | 'commit' | 'tag'

export interface GitObject {
  id: string
  type: ObjectType
  size: number
  /** The content where it is small. */
  whole: Buffer | null
  /**
   * The content of a large one as it passes by; null once the next object was asked for. Ends where a damaged
   * object breaks off, which follows as a problem.
   */
  stream(): AsyncGenerator<Buffer> | null
}

interface Wanted {
  id: string
  type: ObjectType
  size: number
}

/** Objects up to this size are read at once: one round trip less for most, and they outlive the next one. */
const wholeSize = 1024 * 1024
const chunkSize = 256 * 1024
/** Answers that break off in a row before git, not the objects, is taken to be at fault. */
const maxFailures = 100

const listing = [
  'cat-file',
  '--batch-all-objects',
  '--batch-check=%(objectname) %(objecttype) %(objectsize)',
  '--buffer',
]

/** @param only ids to read; null for all */
export async function* readObjects(
  repository: Repository,
  maxBlobBytes: number,
  only: ReadonlySet<string> | null,
  signal: AbortSignal,
): AsyncGenerator<GitObject | SourceProblem> {
  /** What was asked for and not answered yet, and problems in their place in between. */
  const asked: (Wanted | SourceProblem)[] = []
  /** The children started for listing; the last one may be at work. */
  const listers: Child[] = []
  let reader = startReader(repository, signal)
  let output = createByteReader(reader.stdout)
  let listed = false
  let isDamaged = false
  let failures = 0
  let resume = (): void => {}

  async function ask(): Promise<void> {
    // In the order of the packs, the fast way. It ends over a broken pack, which the other way passes over;
    // what was listed before is then read twice.
    if ((await askFor([...listing, '--unordered'])) !== null) {
      const error = await askFor(listing)
      if (error) throw error
    }
    listed = true
    reader.stdin.end()
  }

  /** An error where git gave up. */
  async function askFor(args: readonly string[]): Promise<AppError | null> {
    const gaveUp = new AppError('unreadable', `the objects of "${repository.name}" cannot be listed`)
    const child = startChild({
      ...repository.command('list the objects', args),
      signal,
      explain: () => gaveUp,
    })
    listers.push(child)
    child.stdin.end()
    const lines = createByteReader(child.stdout)
    for (let line = await lines.line(); line !== null; line = await lines.line()) {
      const wanted = judge(line, maxBlobBytes, only)
      if (wanted === null) continue
      // While nobody answers, nothing more is listed.
      while (reader.stdin.destroyed) await new Promise<void>((resolve) => (resume = resolve))
      asked.push(wanted)
      if ('id' in wanted) await writeWhileOpen(reader.stdin, `${wanted.id}\n`)
    }
    const error = await child.done.then(
      () => null,
      (error: AppError) => error,
    )
    if (error && error !== gaveUp) throw error
    // Broken packs are passed over with no more than a line; what they hold is not listed, or without a size.
    if (/^(?:error|fatal): /m.test(child.stderr())) isDamaged = true
    return error
  }

  /** After an answer broke off: starts anew, or throws when it was made to end or does nothing else. */
  async function restart(): Promise<void> {
    const error = await reader.done.then(
      () => null,
      (error: AppError) => error,
    )
    failures += 1
    if (error && (error.code !== 'git_failed' || signal.aborted || failures > maxFailures)) throw error
    reader = startReader(repository, signal)
    output = createByteReader(reader.stdout)
    for (const wanted of asked) if ('id' in wanted) reader.stdin.write(`${wanted.id}\n`)
    if (listed) reader.stdin.end()
    resume()
  }

  const asking = ask()
  asking.catch((error: Error) => {
    reader.fail(error instanceof AppError ? error : new AppError('git_failed', 'could not list the objects'))
  })
  try {
    for (;;) {
      const header = await output.line()
      for (let next = asked[0]; next && !('id' in next); next = asked[0]) {
        asked.shift()
        yield next
      }
      const wanted = asked.shift() as Wanted | undefined
      if (wanted === undefined) {
        if (listed) break
        await restart()
        continue
      }
      if (header === null) {
        yield damaged(wanted.id)
        await restart()
        continue
      }
      if (header.endsWith(' missing')) {
        yield damaged(wanted.id)
        continue
      }
      const content = contentOf(wanted, output)
      if (wanted.size > wholeSize) yield { ...wanted, whole: null, stream: () => content.stream() }
      else {
        const whole = await content.all()
        if (whole) yield { ...wanted, whole, stream: () => null }
      }
      if (await content.drain()) failures = 0
      else {
        yield damaged(wanted.id)
        await restart()
      }
    }
    await asking
    if (isDamaged) yield damagedDatabase(repository.name)
  } finally {
    await Promise.all([...listers, reader].map((child) => child.stop()))
  }
}

/** A line of the listing: what to ask for, what to report, or null for a tree. */
function judge(
  line: string,
  maxBlobBytes: number,
  only: ReadonlySet<string> | null,
): Wanted | SourceProblem | null {
  const [id = '', type = '', size = ''] = line.split(' ')
  if (only !== null && !only.has(id)) return null
  if (type === 'tree') return null
  if (type !== 'blob' && type !== 'commit' && type !== 'tag') return damaged(id)
  if (Number(size) > maxBlobBytes) return tooLarge(id, maxBlobBytes)
  return { id, type, size: Number(size) }
}

function startReader(repository: Repository, signal: AbortSignal): Child {
  return startChild({
    ...repository.command('read the objects', ['cat-file', '--batch', '--buffer']),
    signal,
  })
}

interface Content {
  all(): Promise<Buffer | null>
  stream(): AsyncGenerator<Buffer> | null
  /** Reads past what is left; false where it broke off. */
  drain(): Promise<boolean>
}

/** The bytes of one answer and the newline after them. */
function contentOf(wanted: Wanted, output: ByteReader): Content {
  let left = wanted.size + 1
  let broken = false
  let passed = false

  async function next(): Promise<Buffer | null> {
    const part = await output.some(Math.min(left, chunkSize))
    if (part === null) broken = true
    else left -= part.length
    return part
  }

  async function* read(): AsyncGenerator<Buffer> {
    while (left > 0) {
      if (passed) throw new AppError('internal', `object ${wanted.id} was not read before the next one`)
      const part = broken ? null : await next()
      // What there is of a damaged one counts; the problem follows it.
      if (part === null) return
      // The last byte is the newline.
      const bytes = left === 0 ? part.subarray(0, -1) : part
      if (bytes.length > 0) yield bytes
    }
  }

  return {
    stream: () => (passed ? null : read()),
    async all() {
      const bytes = await output.take(left)
      left = 0
      broken = bytes === null
      return bytes && bytes.subarray(0, wanted.size)
    },
    async drain() {
      passed = true
      while (left > 0 && !broken) await next()
      return !broken
    },
  }
}

function damaged(id: string): SourceProblem {
  const message = 'this object is damaged or missing; run git fsck in the repository'
  return { problem: 'error', code: 'unreadable', subject: id, message }
}

function damagedDatabase(name: string): SourceProblem {
  const message = 'git found packs or objects that are damaged and passed over them; run git fsck'
  return { problem: 'error', code: 'unreadable', subject: name, message }
}

function tooLarge(id: string, limit: number): SourceProblem {
  return { problem: 'skipped', code: 'too_large', subject: id, message: `it is larger than ${limit} bytes` }
}
