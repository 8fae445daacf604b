/**
 * keyrecall's public keys, from a fixed list or from its key listing. A key id that is not in the cache causes
 * one fetch, but never more than one a minute: otherwise anybody could make an issuer hammer the listing by
 * sending made-up ids.
 */

/** The listing: GitHub's JSON, plus the ed25519 keys of the Standard Webhooks signature. */
export interface PublicKeys {
  public_keys: readonly { key_identifier: string; key: string; is_current: boolean }[]
  webhook_keys?: readonly { key_identifier: string; key: string; is_current: boolean }[]
}

/** The part of `fetch` that is used. */
export type FetchKeys = (url: string, init: { redirect: 'error'; signal: AbortSignal }) => Promise<Response>

export interface KeySource {
  /** PEM of the current P-256 key with this id; null when there is none. Throws when the listing fails. */
  bodyKey(id: string): Promise<string | null>
  /** The current ed25519 keys as `whpk_…`; `fresh` looks for new ones first, within the rate bound. */
  webhookKeys(fresh: boolean): Promise<string[]>
}

export interface KeySourceOptions {
  publicKeysUrl?: string
  keys?: PublicKeys
  fetch?: FetchKeys
  now: () => number
}

const maxAgeMs = 30 * 60_000
const minIntervalMs = 60_000
const maxListingCharacters = 1_000_000

export function createKeySource(options: KeySourceOptions): KeySource {
  const { publicKeysUrl, now } = options
  const fetchKeys: FetchKeys = options.fetch ?? ((url, init) => fetch(url, init))
  let cached: PublicKeys | null = options.keys ?? null
  let triedAt = Number.NEGATIVE_INFINITY
  let gotAt = Number.NEGATIVE_INFINITY
  let pending: Promise<void> | null = null

  async function refetch(url: string): Promise<void> {
    triedAt = now()
    const answer = await fetchKeys(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
    if (!answer.ok) throw new Error(`the key listing answered ${answer.status}`)
    const text = await answer.text()
    if (text.length > maxListingCharacters) throw new Error('the key listing is too long')
    cached = parseListing(JSON.parse(text))
    gotAt = now()
  }

  /** Fetches where allowed; old keys stay in use when the listing is down. */
  async function refresh(): Promise<void> {
    if (publicKeysUrl === undefined) return
    if (pending === null) {
      if (now() - triedAt < minIntervalMs) return
      pending = refetch(publicKeysUrl).finally(() => {
        pending = null
      })
    }
    try {
      await pending
    } catch (error) {
      if (cached === null) throw error
    }
  }

  function find(id: string): string | null {
    const entry = cached?.public_keys.find((each) => each.key_identifier === id && each.is_current)
    return entry?.key ?? null
  }

  return {
    async bodyKey(id) {
      if (now() - gotAt > maxAgeMs) await refresh()
      const known = find(id)
      if (known !== null) return known
      await refresh()
      return find(id)
    },
    async webhookKeys(fresh) {
      if (fresh || cached === null) await refresh()
      return (cached?.webhook_keys ?? []).filter((each) => each.is_current).map((each) => each.key)
    },
  }
}

function parseListing(value: unknown): PublicKeys {
  const { public_keys, webhook_keys } = (value ?? {}) as { public_keys?: unknown; webhook_keys?: unknown }
  const keys = parseEntries(public_keys)
  if (keys === null) throw new Error('the key listing has no public_keys')
  return { public_keys: keys, webhook_keys: parseEntries(webhook_keys) ?? [] }
}

function parseEntries(value: unknown): PublicKeys['public_keys'] | null {
  if (!Array.isArray(value)) return null
  return (value as unknown[]).flatMap((entry) => {
    const { key_identifier, key, is_current } = (entry ?? {}) as Record<string, unknown>
    if (typeof key_identifier !== 'string' || typeof key !== 'string') return []
    return [{ key_identifier, key, is_current: is_current === true }]
  })
}
