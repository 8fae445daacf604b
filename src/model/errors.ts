/**
 * The one error type people see, and the closed list of its codes. A message says what is wrong and what to
 * do, and quotes the identifier it was given; it never holds a credential, a command line or raw output.
 */
export const errorStatus = {
  usage: 400,
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  empty: 404,
  conflict: 409,
  unprocessable: 422,
  rate_limited: 429,
  unreadable: 500,
  too_large: 500,
  archive_limit: 500,
  archive_broken: 500,
  archive_encrypted: 500,
  archive_unsupported: 500,
  special_file: 500,
  excluded: 500,
  git_folder: 500,
  git_failed: 500,
  remote_failed: 502,
  remote_refused: 502,
  blocked_target: 502,
  timeout: 504,
  unavailable: 503,
  config: 500,
  internal: 500,
} as const

export type ErrorCode = keyof typeof errorStatus

export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  /** Worth trying again without a change. */
  readonly retryable: boolean
  /** Milliseconds to wait before that, where the other side said so. */
  readonly retryAfter: number | null

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.retryAfter = options.retryAfter ?? null
  }

  /** HTTP status this maps to. */
  get status(): number {
    return errorStatus[this.code]
  }
}

/** The `AppError` in `error`, or one that says as much as is safe. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('internal', 'something failed that should not have', {
    cause: error,
  })
}
