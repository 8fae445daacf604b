/** One attempt: sign the stored bytes anew, post them, and say what came of it. Never throws for the network. */
import type { Outbound } from '../../base/outbound.ts'
import { AppError } from '../../model/errors.ts'
import { outcomeOf, parseRetryAfter, type SendOutcome } from './outcome.ts'
import { type SigningKeys, signedHeaders } from './sign.ts'

export interface SendDeps {
  outbound: Pick<Outbound, 'request'>
  signingKeys: SigningKeys
  /** Milliseconds since 1970. */
  now: () => number
}

/** Where to send, from the issuer's row. */
export interface Receiver {
  url: string
  headerPrefix: string
  certificateAuthority: string | null
}

export interface SendResult {
  outcome: SendOutcome
  /** Null when there was no answer. */
  status: number | null
  /** Empty when there was no answer. May hold tokens: for parsing only, never to be logged. */
  body: Buffer
  retryAfter: number | null
  milliseconds: number
}

/** @param id delivery id, the same on every attempt; @param body the stored bytes, sent unchanged */
export async function sendSigned(
  deps: SendDeps,
  receiver: Receiver,
  id: string,
  body: Buffer,
): Promise<SendResult> {
  const started = deps.now()
  const headers = signedHeaders({ id, prefix: receiver.headerPrefix, body, now: started }, deps.signingKeys)
  try {
    const answer = await deps.outbound.request({
      method: 'POST',
      url: receiver.url,
      headers,
      body,
      certificateAuthority: receiver.certificateAuthority,
    })
    const now = deps.now()
    return {
      outcome: outcomeOf(answer.status),
      status: answer.status,
      // A cut-off answer is not JSON any more and would be taken for none anyway.
      body: answer.truncated ? Buffer.alloc(0) : answer.body,
      retryAfter: parseRetryAfter(answer.headers['retry-after'], now),
      milliseconds: now - started,
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return {
      outcome: outcomeOfError(error),
      status: null,
      body: Buffer.alloc(0),
      retryAfter: null,
      milliseconds: deps.now() - started,
    }
  }
}

function outcomeOfError(error: AppError): SendOutcome {
  if (error.code === 'blocked_target') return 'blocked'
  return error.code === 'timeout' ? 'timeout' : 'unreachable'
}
