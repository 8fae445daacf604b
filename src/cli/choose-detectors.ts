/** Detectors by the ids a person gives, and what they hear of one that is not there. */
import { AppError } from '../model/errors.ts'
import { nearestNames } from '../scan/custom/nearest.ts'
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
  const ids = all.map((detector) => detector.id)
  const near = nearestNames(id, ids, 5)
  const hint = near.length === 0 ? '"keyrecall detectors list" prints all' : `near it are ${near.join(', ')}`
  return new AppError('usage', `there is no detector "${visible(id)}"; ${hint}`)
}
