/** Writes an answer to the connection, whole or spoilt by a fault. */
import type { ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'
import type { FaultKind } from './fault.ts'

export function writeAnswer(
  response: ServerResponse,
  answer: Answer,
  isHead: boolean,
  fault: FaultKind | null,
): void {
  if (fault === 'reset') {
    response.destroy()
    return
  }
  const { body, headers } = answer
  const half = body.subarray(0, Math.floor(body.length / 2))
  if (fault === 'endless') {
    response.writeHead(answer.status, headers)
    pour(response, body)
    return
  }
  const claimed = fault === 'short' ? half.length : body.length
  // 304 and 204 have no body and no length of one.
  const length = answer.status === 304 || answer.status === 204 ? {} : { 'content-length': String(claimed) }
  response.writeHead(answer.status, { ...headers, ...length })
  if (isHead) response.end()
  else if (fault === 'truncate') response.write(half, () => response.destroy())
  else if (fault === 'stall') response.write(half)
  else if (fault === 'short') response.end(half)
  else response.end(fault === 'corrupt' ? changed(body) : body)
}

/** Writes `body` over and over until the client goes away. */
function pour(response: ServerResponse, body: Buffer): void {
  if (response.destroyed) return
  response.write(body.length > 0 ? body : 'more', () => setImmediate(() => pour(response, body)))
}

function changed(body: Buffer): Buffer {
  const copy = Buffer.from(body)
  copy[0] = (copy[0] ?? 0) ^ 1
  return copy
}
