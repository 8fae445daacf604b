/**
 * `re2` is built when the package is installed. Where install scripts were forbidden, or Node was exchanged since, its
 * import fails with a stack that says neither; the advice does.
 */
import { AppError } from '../model/errors.ts'

/** The error to show instead of one of loading re2; any other comes back as it is. */
export function asInstallError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const failedToLoad = error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_DLOPEN_FAILED'
  if (!failedToLoad || !error.message.includes('re2.node')) return error
  return new AppError(
    'config',
    'the package re2 is not built for this Node; run "npm rebuild re2" with install scripts allowed ' +
      '(it takes python3, make and a C++ compiler)',
    { cause: error },
  )
}
