/**
 * Answers whether tokens, named by their SHA-256, still work. keyrecall asks after a delivery that was accepted
 * without feedback. The question is signed like a delivery, so that nobody else can test hashes here.
 */
import { parseJson } from './matches.ts'
import { type Answer, answering } from './revoke-handler.ts'
import { type RawHeaders, VerificationError } from './signature.ts'
import type { Verifier } from './verifier.ts'

export interface StatusHandlerOptions {
  verifier: Verifier
  /** @returns null for a token that is not known here, which keyrecall never takes for disabled */
  isActive(tokenHash: string): Promise<boolean | null>
}

const maxHashes = 100

/** Takes `{"token_hashes": […]}` and answers `{"statuses": [{"token_hash", "active"}]}`. */
export function createStatusHandler(
  options: StatusHandlerOptions,
): (body: Uint8Array, headers: RawHeaders) => Promise<Answer> {
  return (body, headers) =>
    answering(async () => {
      await options.verifier.verify(body, headers)
      const statuses: { token_hash: string; active: boolean | null }[] = []
      for (const hash of parseHashes(body)) {
        statuses.push({ token_hash: hash, active: await options.isActive(hash) })
      }
      return { statuses }
    })
}

function parseHashes(body: Uint8Array): string[] {
  const { token_hashes } = (parseJson(body) ?? {}) as { token_hashes?: unknown }
  const list = Array.isArray(token_hashes) ? (token_hashes as unknown[]) : []
  const valid = list.length > 0 && list.length <= maxHashes
  if (!valid || !list.every((hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash))) {
    throw new VerificationError(
      'bad_body',
      400,
      `token_hashes is not an array of 1 to ${maxHashes} SHA-256 values`,
    )
  }
  return list as string[]
}
