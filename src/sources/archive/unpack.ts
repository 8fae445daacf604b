/**
 * Unpacks archives on the fly, nested ones too, in front of the engine: plain blobs pass through, an archive is
 * replaced by its members. Nothing is written to disk and the packed bytes of an archive are not passed on.
 *
 * Members are streams over one reader: each is to be read before the next is asked for. What goes wrong with a
 * member (a bound, damage) shortens that member quietly, so that what was read of it still counts, and follows
 * it as a problem.
 */
import { type Blob, isProblem, type Place, type SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import { detectFormat } from './format.ts'
import { gzipMember } from './gzip.ts'
import { type ArchiveLimits, type Budget, LimitReached, startBudget } from './limits.ts'
import { peek } from './peek.ts'
import { accessMemory, accessRanges, type RandomAccess } from './random-access.ts'

interface Context {
  budget: Budget
  signal: AbortSignal
  /** Errors that are told already: one that breaks an outer stream also comes up in the archives inside. */
  told: Set<unknown>
}

export async function* unpackAll(
  items: AsyncIterable<Blob | SourceProblem>,
  limits: ArchiveLimits,
  signal: AbortSignal,
): AsyncGenerator<Blob | SourceProblem> {
  for await (const item of items) {
    signal.throwIfAborted()
    if (isProblem(item)) {
      yield item
      continue
    }
    const context: Context = { budget: startBudget(limits), signal, told: new Set() }
    try {
      yield* unpackBlob(item, 0, context)
    } catch (error) {
      signal.throwIfAborted()
      yield* tell(error, item.place, context)
    }
  }
}

/** @param depth archives this blob is inside of */
async function* unpackBlob(
  blob: Blob,
  depth: number,
  context: Context,
): AsyncGenerator<Blob | SourceProblem> {
  const peeked = await peek(blob, context.signal)
  try {
    const format = detectFormat(peeked.head)
    if (format === null) {
      yield* depth === 0 ? [peeked.blob] : passMember(peeked.blob, context)
      return
    }
    const { maxDepth } = context.budget.limits
    if (depth >= maxDepth) {
      throw new LimitReached(
        `archives inside archives are read ${maxDepth} deep; this one was not opened`,
        false,
      )
    }
    if (format === 'gzip') yield* unpackGzip(peeked.blob, peeked.head, depth, context)
    else if (format === 'tar') yield* unpackTar(peeked.blob, depth, context)
    else {
      if (canRange(blob)) await peeked.release()
      yield* unpackZip(canRange(blob) ? blob : peeked.blob, depth, context)
    }
  } finally {
    await peeked.release()
  }
}

/** Hands a member on; its stream ends early where it breaks, and the reason follows. */
async function* passMember(blob: Blob, context: Context): AsyncGenerator<Blob | SourceProblem> {
  const broke: unknown[] = []
  yield {
    ...blob,
    async *open(signal) {
      try {
        yield* blob.open(signal)
      } catch (error) {
        signal.throwIfAborted()
        broke.push(error)
      }
    },
  }
  for (const error of broke) yield* tellUnlessWhole(error, blob.place, context)
}

async function* unpackGzip(
  blob: Blob,
  head: Buffer,
  depth: number,
  context: Context,
): AsyncGenerator<Blob | SourceProblem> {
  const { name, bytes } = gzipMember(blob.open(context.signal), head, innerName(blob.place), context.budget)
  yield* unpackMember(memberOf(blob.place, name, null, bytes), depth, context)
}

async function* unpackTar(blob: Blob, depth: number, context: Context): AsyncGenerator<Blob | SourceProblem> {
  // Loaded at the first archive of its kind: the two packages take longer to load than an empty folder to scan.
  const { tarMembers } = await import('./tar.ts')
  for await (const { name, size, bytes } of tarMembers(blob.open(context.signal), context.budget)) {
    yield* unpackMember(memberOf(blob.place, name, size, bytes), depth, context)
  }
}

async function* unpackZip(blob: Blob, depth: number, context: Context): AsyncGenerator<Blob | SourceProblem> {
  const { zipMembers } = await import('./zip.ts')
  const before = context.budget.memory
  const access = await accessZip(blob, context)
  let opened = false
  try {
    for await (const { name, size, refused, bytes } of zipMembers(access, context.budget)) {
      opened = true
      const member = memberOf(blob.place, name, size, bytes)
      if (refused) yield* tell(refused, member.place, context)
      else yield* unpackMember(member, depth, context)
    }
  } catch (error) {
    context.signal.throwIfAborted()
    yield* tellUnlessWhole(error, blob.place, context)
    // No directory, so no members: stored ones may still be read in the bytes as they are.
    if (!opened && !(error instanceof AppError)) yield rawBlob(blob, access)
  } finally {
    context.budget.memory = before
  }
}

/** A member may be an archive itself. What breaks it ends it alone, unless the whole is over. */
async function* unpackMember(
  member: Blob,
  depth: number,
  context: Context,
): AsyncGenerator<Blob | SourceProblem> {
  try {
    yield* unpackBlob(member, depth + 1, context)
  } catch (error) {
    context.signal.throwIfAborted()
    yield* tellUnlessWhole(error, member.place, context)
  }
}

function canRange(blob: Blob): blob is Blob & { size: number; read: NonNullable<Blob['read']> } {
  return blob.read !== undefined && blob.size !== null
}

async function accessZip(blob: Blob, context: Context): Promise<RandomAccess> {
  const { budget, signal } = context
  if (canRange(blob)) return accessRanges((start, end) => blob.read(start, end, signal), blob.size)
  const chunks: Uint8Array[] = []
  for await (const chunk of blob.open(signal)) {
    budget.memory += chunk.length
    if (budget.memory > budget.limits.maxMemoryBytes) {
      throw new LimitReached(
        `it can only be read from memory, and would take more than ${budget.limits.maxMemoryBytes} bytes of it`,
        false,
      )
    }
    chunks.push(chunk)
  }
  return accessMemory(Buffer.concat(chunks))
}

function rawBlob(blob: Blob, access: RandomAccess): Blob {
  if (canRange(blob)) return blob
  return {
    ...blob,
    async *open() {
      yield await access.bytes(0, access.size)
    },
  }
}

/** A blob over a stream that can be read once. */
function memberOf(place: Place, name: string, size: number | null, bytes: AsyncIterable<Uint8Array>): Blob {
  const label = cleanName(name)
  const path = place.archive_path === undefined ? label : `${place.archive_path}!${label}`
  let taken = false
  return {
    place: { ...place, archive_path: path },
    size,
    contentId: null,
    open() {
      if (taken) throw new AppError('internal', `a member can be read once only: "${path}"`)
      taken = true
      return bytes
    },
  }
}

/** Names are labels only; what would steer a terminal or end a string is shown as U+FFFD. */
function cleanName(name: string): string {
  // oxlint-disable-next-line no-control-regex
  return name.slice(0, 1024).replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
}

function innerName(place: Place): string {
  return place.archive_path?.slice(place.archive_path.lastIndexOf('!') + 1) ?? place.key ?? place.path
}

async function* tellUnlessWhole(
  error: unknown,
  place: Place,
  context: Context,
): AsyncGenerator<SourceProblem> {
  if (error instanceof LimitReached && error.whole) throw error
  yield* tell(error, place, context)
}

async function* tell(error: unknown, place: Place, context: Context): AsyncGenerator<SourceProblem> {
  if (context.told.has(error)) return
  context.told.add(error)
  yield problemOf(error, subjectOf(place))
}

const skips: ReadonlySet<string> = new Set(['archive_limit', 'archive_encrypted', 'archive_unsupported'])

function problemOf(error: unknown, subject: string): SourceProblem {
  if (error instanceof AppError) {
    return {
      problem: skips.has(error.code) ? 'skipped' : 'error',
      code: error.code,
      subject,
      message: error.message,
    }
  }
  // yauzl says so of archives whose directory is encrypted.
  if (error instanceof Error && error.message.includes('strong encryption')) {
    const message = 'it is encrypted and cannot be read without its password'
    return { problem: 'skipped', code: 'archive_encrypted', subject, message }
  }
  const message = 'it is damaged; what could be read of it was scanned'
  return { problem: 'error', code: 'archive_broken', subject, message }
}

function subjectOf(place: Place): string {
  const outer =
    place.bucket === undefined ? place.path || (place.blob_sha ?? '') : `s3://${place.bucket}/${place.key}`
  return place.archive_path === undefined ? outer : `${outer}!${place.archive_path}`
}
