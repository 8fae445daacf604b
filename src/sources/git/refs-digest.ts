/** One value for all refs of a repository: while it stays, so does everything the refs lead to. */
import { createHash } from 'node:crypto'
import { runChild } from '../../base/child.ts'
import type { Repository } from './repository.ts'

/** Bytes of the listing; a ref takes about a hundred. */
const maxListing = 256 * 1024 * 1024

/** Lower hex SHA-256 over names and values of all refs. A run over unchanged refs may be skipped. */
export async function refsDigest(
  repository: Repository,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  const refs = await runChild({
    ...repository.command('list the refs', ['for-each-ref', '--format=%(objectname) %(refname)']),
    timeoutMs,
    signal,
    maxOutput: maxListing,
  })
  return createHash('sha256').update(refs).digest('hex')
}
