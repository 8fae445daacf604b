/**
 * BullMQ waits between tries only after an error with the code ECONNREFUSED. A server that is gone answers on a
 * Unix socket with ENOENT, in the middle of a restart with 57P01, when full with 53300: a worker then tries
 * thousands of times a second. So every error that means "no connection now" gets that code; 08P01, a statement
 * that breaks the protocol, does not mean it.
 */
const stateCodes = /^(08(?!P01)|57P0[1-5]|53\d{3})/
const systemCodes = new Set(['ENOENT', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])
const words = /terminated|timeout exceeded|not queryable|connection error/i

const marked = new WeakSet<Error>()

export function asConnectionError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const refused = code === 'ECONNREFUSED'
  if (!refused && !stateCodes.test(code) && !systemCodes.has(code) && !words.test(error.message)) return error
  const lost = refused ? error : new Error(`ECONNREFUSED (${error.message})`, { cause: error })
  marked.add(lost)
  return Object.assign(lost, { code: 'ECONNREFUSED' })
}

/** Whether the database could not be reached, as `asConnectionError` marks it. What sources throw has other types. */
export function isConnectionError(error: unknown): boolean {
  return error instanceof Error && marked.has(error)
}
