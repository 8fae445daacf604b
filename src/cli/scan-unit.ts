/**
 * One reading task: its blobs go through the engine, and what has hits is located once at the end. An error of
 * one blob is counted and the rest goes on; what was found before an error or an interrupt is kept.
 */
import { type Blob, isProblem, type Place, type SourceProblem } from '../model/blob.ts'
import { asAppError, type ErrorCode } from '../model/errors.ts'
import { addStats, type Hit } from '../model/hit.ts'
import type { ReadingTask } from '../model/target.ts'
import type { OpenUnit } from '../model/unit.ts'
import type { Engine } from '../scan/engine.ts'
import type { Sources } from '../sources/open.ts'
import type { Tally } from './tally.ts'

/** A hit and everywhere its blob stands. */
export interface Found {
  hit: Hit
  places: Place[]
}

export interface UnitParts {
  sources: Pick<Sources, 'open'>
  /** Called once there is something to scan: compiling the detectors takes time. */
  engine: () => Promise<Engine>
  excluded: (path: string) => boolean
  tally: Tally
  /** Called after every blob. */
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

export async function scanUnit(task: ReadingTask, parts: UnitParts): Promise<Found[]> {
  const unit = await parts.sources.open(task)
  try {
    const withHits: { place: Place; hits: Hit[] }[] = []
    try {
      for await (const item of unit.blobs(parts.signal)) {
        if (isProblem(item)) parts.report(item)
        else if (isExcluded(item.place, parts)) parts.report(excludedProblem(item.place))
        else {
          const hits = await scanBlob(item, parts)
          if (hits.length > 0) withHits.push({ place: item.place, hits })
        }
      }
    } catch (error) {
      // The listing broke: what came before it still counts.
      reportFailure(error, nameOfTask(task), parts)
    }
    return await locateHits(unit, withHits, nameOfTask(task), parts)
  } finally {
    await unit.close()
  }
}

async function scanBlob(blob: Blob, parts: UnitParts): Promise<Hit[]> {
  const { tally } = parts
  tally.current = blob.place.path
  const engine = await parts.engine()
  const readBefore = tally.milliseconds.read
  const started = performance.now()
  try {
    const result = await engine.scan(counted(blob, tally), parts.signal)
    addStats(tally.engine, result.stats)
    return result.hits
  } catch (error) {
    reportFailure(error, nameOfPlace(blob.place), parts)
    return []
  } finally {
    // Reading happens inside `scan`, which pulls; what is left is the engine's own.
    tally.milliseconds.scan += performance.now() - started - (tally.milliseconds.read - readBefore)
    parts.onProgress()
  }
}

async function locateHits(
  unit: OpenUnit,
  withHits: readonly { place: Place; hits: Hit[] }[],
  subject: string,
  parts: UnitParts,
): Promise<Found[]> {
  if (withHits.length === 0) return []
  const started = performance.now()
  const places = await unit
    .locate(
      withHits.map((one) => one.place),
      parts.signal,
    )
    .catch((error: unknown): Place[][] => {
      reportFailure(error, subject, parts)
      return []
    })
  parts.tally.milliseconds.locate += performance.now() - started
  return withHits.flatMap(({ place, hits }, index) => {
    const located = places[index] ?? []
    const everywhere = located.length > 0 ? located : [place]
    // Git tells paths only now.
    const kept = everywhere.filter((one) => !isExcluded(one, parts))
    if (kept.length === 0) parts.report(excludedProblem(everywhere[0] ?? place))
    return kept.length === 0 ? [] : hits.map((hit) => ({ hit, places: kept }))
  })
}

/** The blob, with its bytes and the time spent waiting for them counted. */
function counted(blob: Blob, tally: Tally): Blob {
  const read = blob.read?.bind(blob)
  return {
    place: blob.place,
    size: blob.size,
    contentId: blob.contentId,
    open: (signal) => countBytes(blob.open(signal), tally),
    ...(read === undefined ? {} : { read }),
  }
}

async function* countBytes(bytes: AsyncIterable<Uint8Array>, tally: Tally): AsyncGenerator<Uint8Array> {
  let asked = performance.now()
  for await (const piece of bytes) {
    tally.milliseconds.read += performance.now() - asked
    tally.bytesRead += piece.length
    yield piece
    asked = performance.now()
  }
}

/** Turns what was thrown into a problem; after an interrupt there is nothing to report but the interrupt. */
export function reportFailure(
  thrown: unknown,
  subject: string,
  parts: Pick<UnitParts, 'report' | 'signal'>,
): void {
  if (parts.signal.aborted) return
  const error = asAppError(thrown)
  parts.report({
    problem: deliberate.has(error.code) ? 'skipped' : 'error',
    code: error.code,
    subject,
    message: error.message,
  })
}

function isExcluded(place: Place, parts: UnitParts): boolean {
  const path = place.type === 's3_object' ? (place.key ?? place.path) : place.path
  if (parts.excluded(path)) return true
  return (
    place.archive_path !== undefined && parts.excluded(`${path}/${place.archive_path.replaceAll('!', '/')}`)
  )
}

function excludedProblem(place: Place): SourceProblem {
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

/** A task as a person would name it. */
export function nameOfTask(task: ReadingTask): string {
  switch (task.kind) {
    case 'path':
      return task.path
    case 'stdin':
      return 'standard input'
    case 'git':
      return task.repository
    case 'github-blob':
      return `${task.repository} ${task.path}`
    case 's3-objects':
      return `s3://${task.bucket}`
  }
}
