/** What all unpackers of one outermost archive share, how a member is named, and how it is told what went wrong. */
import type { Blob, Place, SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import { type Budget, LimitReached } from './limits.ts'

export interface Context {
  budget: Budget
  signal: AbortSignal
  /** Errors that are told already: one that breaks an outer stream also comes up in the archives inside. */
  told: Set<unknown>
}

/** A blob over a stream that can be read once. */
export function memberOf(
  place: Place,
  name: string,
  size: number | null,
  bytes: AsyncIterable<Uint8Array>,
): Blob {
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

/** The name of the innermost thing that a place names. */
export function innerName(place: Place): string {
  return place.archive_path?.slice(place.archive_path.lastIndexOf('!') + 1) ?? place.key ?? place.path
}

/** Tells of an error, unless it ends the outermost archive: then it goes on upwards. */
export async function* tellUnlessWhole(
  error: unknown,
  place: Place,
  context: Context,
): AsyncGenerator<SourceProblem> {
  if (error instanceof LimitReached && error.whole) throw error
  yield* tell(error, place, context)
}

/** Tells of an error, once. */
export async function* tell(error: unknown, place: Place, context: Context): AsyncGenerator<SourceProblem> {
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
