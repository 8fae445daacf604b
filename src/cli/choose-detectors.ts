/** Detectors by the ids a person gives, and what they hear of one that is not there. */
import { AppError } from '../model/errors.ts'
import { visible } from './terminal-text.ts'

/**
 * The detectors asked for.
 * @throws AppError `usage` naming an id that is not there, and the nearest one that is
 */
export function chooseDetectors<D extends { id: string }>(
  all: readonly D[],
  ids: readonly string[] | null,
): readonly D[] {
  if (ids === null) return all
  for (const id of ids) {
    if (!all.some((detector) => detector.id === id)) throw unknownDetector(id, all)
  }
  return all.filter((detector) => ids.includes(detector.id))
}

/** The error for an id that no detector has. */
export function unknownDetector(id: string, all: readonly { id: string }[]): AppError {
  const near = all.filter(
    (detector) => detector.id.includes(id) || id.includes(detector.id.split('-')[0] ?? id),
  )
  const hint =
    near.length === 0
      ? '"keyrecall detectors list" prints all'
      : `near it are ${near
          .slice(0, 5)
          .map((detector) => detector.id)
          .join(', ')}`
  return new AppError('usage', `there is no detector "${visible(id)}"; ${hint}`)
}
