/**
 * BullMQ waits between tries only after an error with the code ECONNREFUSED. A server that is gone answers on a
 * Unix socket with ENOENT, in the middle of a restart with 57P01, when full with 53300: a worker then tries
 * thousands of times a second. So every error that means "no connection now" gets that code.
 */
const stateCodes = /^(08|57P0[1-5]|53\d{3})/
const systemCodes = new Set(['ENOENT', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])
const words = /terminated|timeout exceeded|not queryable|connection error/i

export function asConnectionError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'ECONNREFUSED') return error
  if (!stateCodes.test(code) && !systemCodes.has(code) && !words.test(error.message)) return error
  return Object.assign(new Error(`ECONNREFUSED (${error.message})`, { cause: error }), {
    code: 'ECONNREFUSED',
  })
}
