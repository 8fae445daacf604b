/** The row, or the 404 that answers its absence. */
import { AppError } from '../model/errors.ts'

/** @throws AppError `not_found` when there is no row */
export function found<T>(row: T | undefined | null, what: string, id: string): T {
  if (row === undefined || row === null) throw new AppError('not_found', `there is no ${what} "${id}"`)
  return row
}
