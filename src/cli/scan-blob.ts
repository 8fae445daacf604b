/**
 * One blob goes through the engine, in whichever thread: what it says is summed up, an error becomes a problem and the
 * rest goes on.
 */
import type { Blob, Place, SourceProblem } from '../model/blob.ts'
import { asAppError, type ErrorCode } from '../model/errors.ts'
import { addStats, type Hit } from '../model/hit.ts'
import type { Engine } from '../scan/engine.ts'
import type { Tally } from './tally.ts'

/** A blob in which something was found. */
export interface BlobHits {
  place: Place
  hits: Hit[]
}

/** What scanning adds to. */
export type Sums = Pick<Tally, 'engine' | 'bytesRead' | 'belowConfidence' | 'milliseconds'>

export interface ScanContext {
  /** Called once there is something to scan: compiling the detectors takes time. */
  engine: () => Promise<Engine>
  excluded: (path: string) => boolean
  sums: Sums
  /** Called whenever bytes were read, and after every blob: cheap. */
  onProgress: () => void
  report: (problem: SourceProblem) => void
  signal: AbortSignal
}

/** Codes that mean a limit or a rule of ours, not a failure. */
const deliberate: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'too_large',
  'special_file',
  'archive_limit',
  'archive_encrypted',
  'archive_unsupported',
])

/** The blob's hits; none where it is excluded or could not be read, which is reported. */
export async function scanBlob(blob: Blob, context: ScanContext): Promise<Hit[]> {
  if (isExcluded(blob.place, context)) {
    context.report(excludedProblem(blob.place))
    return []
  }
  const { sums, signal } = context
  const engine = await context.engine()
  const readBefore = sums.milliseconds.read
  const started = performance.now()
  try {
    const result = await engine.scan(counted(blob, context), signal)
    addStats(sums.engine, result.stats)
    return result.hits
  } catch (error) {
    reportFailure(error, nameOfPlace(blob.place), context)
    return []
  } finally {
    // Reading happens inside `scan`, which pulls; what is left is the engine's own.
    sums.milliseconds.scan += performance.now() - started - (sums.milliseconds.read - readBefore)
    context.onProgress()
  }
}

/** The blob, with its bytes and the time spent waiting for them counted. */
function counted(blob: Blob, context: ScanContext): Blob {
  const read = blob.read?.bind(blob)
  return {
    place: blob.place,
    size: blob.size,
    contentId: blob.contentId,
    open: (signal) => countBytes(blob.open(signal), context),
    ...(read === undefined ? {} : { read }),
  }
}

async function* countBytes(
  bytes: AsyncIterable<Uint8Array>,
  { sums, onProgress }: ScanContext,
): AsyncGenerator<Uint8Array> {
  let asked = performance.now()
  for await (const piece of bytes) {
    sums.milliseconds.read += performance.now() - asked
    sums.bytesRead += piece.length
    yield piece
    onProgress()
    asked = performance.now()
  }
}

/** Turns what was thrown into a problem; after an interrupt there is nothing to report but the interrupt. */
export function reportFailure(
  thrown: unknown,
  subject: string,
  context: Pick<ScanContext, 'report' | 'signal'>,
): void {
  if (context.signal.aborted) return
  const error = asAppError(thrown)
  context.report({
    problem: deliberate.has(error.code) ? 'skipped' : 'error',
    code: error.code,
    subject,
    message: error.message,
  })
}

export function isExcluded(place: Place, { excluded }: Pick<ScanContext, 'excluded'>): boolean {
  const path = place.type === 's3_object' ? (place.key ?? place.path) : place.path
  if (excluded(path)) return true
  return place.archive_path !== undefined && excluded(`${path}/${place.archive_path.replaceAll('!', '/')}`)
}

export function excludedProblem(place: Place): SourceProblem {
  return {
    problem: 'skipped',
    code: 'excluded',
    subject: nameOfPlace(place),
    message: 'left out by --exclude',
  }
}

function nameOfPlace(place: Place): string {
  const own = place.path === '' ? `object ${place.blob_sha?.slice(0, 12) ?? ''}` : place.path
  const path = place.archive_path === undefined ? own : `${own}!${place.archive_path}`
  if (place.type === 's3_object') return `s3://${place.bucket ?? ''}/${path}`
  return place.repository === undefined ? path : `${place.repository} ${path}`
}
