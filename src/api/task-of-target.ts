/** A target named over the API, as the task a scan of it begins with. */
import { AppError } from '../model/errors.ts'
import type { Task } from '../model/target.ts'
import { firstTask, parseTarget } from '../sources/target.ts'

/** @throws AppError 400 for what is no target, and for standard input, which a service has none of */
export function taskOfTarget(text: string): Task {
  const target = parseTarget(text)
  if (target.type === 'stdin') throw new AppError('invalid_input', 'a service cannot read standard input')
  return firstTask(target)
}
