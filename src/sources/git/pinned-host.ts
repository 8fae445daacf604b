/**
 * Keeps git away from inner networks where the location came over the API. The host is resolved here, every address
 * must be public, and git is told to connect to those (`http.curloptResolve`, since git 2.37), so that a name which
 * changes its answer in between gains nothing. Redirects are not followed, and nothing else is fetched. Through a
 * proxy it is the proxy that resolves; what it may reach is up to its own rules.
 */
import type { LookupAddress } from 'node:dns'
import { addressesOf, checkTarget, isListed } from '../../base/outbound.ts'
import { AppError } from '../../model/errors.ts'
import type { GitLocation } from './location.ts'

export interface HostPolicy {
  /** `host` or `host:port` that may be private. */
  allowPrivateHosts: readonly string[]
  /** All addresses of a name; default: the system's resolver. */
  resolve?: (host: string) => Promise<LookupAddress[]>
}

/**
 * What `http.curloptResolve` is to say; null for hosts that may be anything. Throws `AppError`: `blocked_target`, or
 * `remote_failed` for a name without an address.
 */
export async function pinHost(
  location: GitLocation & { kind: 'remote' },
  policy: HostPolicy,
): Promise<string | null> {
  const url = new URL(location.href)
  if (isListed(url, policy.allowPrivateHosts)) return null
  const { hostname } = checkTarget(location.href, []).url
  const addresses = await addressesOf(hostname, policy.resolve).catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw new AppError('remote_failed', `"${hostname}" cannot be resolved`, { retryable: true, cause: error })
  })
  const port = url.port === '' ? '443' : url.port
  return `${hostname}:${port}:${addresses.map(({ address }) => (address.includes(':') ? `[${address}]` : address)).join(',')}`
}
