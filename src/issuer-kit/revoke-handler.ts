/**
 * The whole webhook in one function: verify, disable each token, answer with feedback. Framework-free: it takes the
 * raw body and the headers and gives back what to answer.
 */
import { type FeedbackEntry, feedback, type Label, type Match, parseMatches } from './matches.ts'
import { type RawHeaders, VerificationError } from './signature.ts'
import type { Verifier } from './verifier.ts'

/** What to answer over HTTP. */
export interface Answer {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

export interface RevokeHandlerOptions {
  verifier: Verifier
  /**
   * Disables the token and says whether it was one of yours. It is called again when a delivery is repeated, so
   * that the answer is the same: disabling what is disabled must do nothing, and mail nobody twice. A token
   * that was disabled earlier is still a `true_positive`.
   */
  disable(match: Match, delivery: { id: string | null; repeated: boolean }): Promise<Label>
}

export function createRevokeHandler(
  options: RevokeHandlerOptions,
): (body: Uint8Array, headers: RawHeaders) => Promise<Answer> {
  return (body, headers) =>
    answering(async () => {
      const verified = await options.verifier.verify(body, headers)
      const matches = parseMatches(body)
      const delivery = { id: verified.deliveryId, repeated: verified.repeated }
      const entries: FeedbackEntry[] = []
      for (const match of matches) entries.push(feedback(match, await options.disable(match, delivery)))
      await verified.remember()
      return entries
    })
}

/** Turns a value into 200 and a refusal into its status. Other errors go to the framework: 500, and a retry. */
export async function answering(work: () => Promise<unknown>): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  try {
    return { status: 200, headers, body: JSON.stringify(await work()) }
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    return { status: error.status, headers, body: JSON.stringify({ error: error.reason }) }
  }
}
