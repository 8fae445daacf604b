/** What an issuer knows of its tokens: by hash, with the account, and when each was disabled. Lives in memory. */
import { tokenHash } from '../../issuer-kit/index.ts'

export interface TokenRecord {
  /** Lower-case hex. */
  token_sha256: string
  /** E-mail address of the holder of the account. */
  account: string
  disabled_at: string | null
  /** How often it went from working to disabled: never more than once, however often it is reported. */
  disable_count: number
  /** Ids of the deliveries that named it, each once. */
  deliveries: string[]
}

export interface Records {
  register(token: string, account: string): void
  /** @returns whether the token is known, and whether this call is the one that disabled it */
  disable(token: string, deliveryId: string | null): { known: boolean; changed: boolean; account: string }
  /** Notes the delivery without disabling: an issuer that accepts and does nothing. */
  ignore(token: string, deliveryId: string | null): boolean
  /** Null for a token that is not known. */
  isActive(hash: string): boolean | null
  list(): TokenRecord[]
}

export function createRecords(now: () => number): Records {
  const byHash = new Map<string, TokenRecord>()

  function note(token: string, deliveryId: string | null): TokenRecord | undefined {
    const record = byHash.get(tokenHash(token))
    if (record !== undefined && deliveryId !== null && !record.deliveries.includes(deliveryId)) {
      record.deliveries.push(deliveryId)
    }
    return record
  }

  return {
    register(token, account) {
      const token_sha256 = tokenHash(token)
      byHash.set(token_sha256, {
        token_sha256,
        account,
        disabled_at: null,
        disable_count: 0,
        deliveries: [],
      })
    },
    disable(token, deliveryId) {
      const record = note(token, deliveryId)
      if (record === undefined) return { known: false, changed: false, account: '' }
      if (record.disabled_at !== null) return { known: true, changed: false, account: record.account }
      record.disabled_at = new Date(now()).toISOString()
      record.disable_count += 1
      return { known: true, changed: true, account: record.account }
    },
    ignore: (token, deliveryId) => note(token, deliveryId) !== undefined,
    isActive(hash) {
      const record = byHash.get(hash)
      return record === undefined ? null : record.disabled_at === null
    },
    list: () => [...byHash.values()].map((record) => ({ ...record, deliveries: [...record.deliveries] })),
  }
}
