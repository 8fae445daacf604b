/**
 * Decides whether a request is keyrecall's and is new. Give it the raw bytes of the body: a body that was parsed
 * and printed again has another signature. GitHub's signature covers the body only, so without the Standard
 * Webhooks headers a captured request could be sent again for ever; they are therefore required by default.
 */
import { createKeySource, type FetchKeys, type KeySource, type PublicKeys } from './public-keys.ts'
import { createReplayMemory, type ReplayMemory } from './replay.ts'
import {
  bodySignatureHolds,
  header,
  type RawHeaders,
  VerificationError,
  webhookPublicKey,
  webhookSignatureHolds,
} from './signature.ts'

export interface VerifierOptions {
  /** keyrecall's key listing, `https://…/meta/public_keys/secret_scanning`. Either this or `keys`. */
  publicKeysUrl?: string
  keys?: PublicKeys
  /** For the listing; default the global one. Send no token of yours along. */
  fetch?: FetchKeys
  /** Seconds that the timestamp may differ from the clock; default 300. */
  tolerance?: number
  /** Default: a memory of this process. */
  replayMemory?: ReplayMemory
  /** First part of the names of the signature headers; default `Github`. */
  headerPrefix?: string
  /** Accept requests without Standard Webhooks headers, and so without protection against replays. Default false. */
  allowWithoutTimestamp?: boolean
  /** Milliseconds since 1970; default the clock. */
  now?: () => number
}

export interface Verified {
  /** `webhook-id`; the same for every attempt of one delivery. Null without Standard Webhooks headers. */
  deliveryId: string | null
  /** This id was handled before: answer as then, act on nothing. */
  repeated: boolean
  /** Call it when the work is done, so that the next attempt counts as repeated. */
  remember(): Promise<void>
}

export interface Verifier {
  /** Throws `VerificationError`, whose `status` is the answer to give. */
  verify(body: Uint8Array, headers: RawHeaders): Promise<Verified>
}

export function createVerifier(options: VerifierOptions): Verifier {
  if ((options.publicKeysUrl === undefined) === (options.keys === undefined)) {
    throw new TypeError('give either publicKeysUrl or keys')
  }
  const now = options.now ?? Date.now
  const prefix = options.headerPrefix ?? 'Github'
  const tolerance = options.tolerance ?? 300
  const memory = options.replayMemory ?? createReplayMemory(now)
  const keys = createKeySource({ ...options, now })

  return {
    async verify(body, headers) {
      await verifyBody(body, headers)
      const id = await verifyWebhook(body, headers)
      if (id === null) return { deliveryId: null, repeated: false, remember: async () => undefined }
      return {
        deliveryId: id,
        repeated: await memory.seen(id),
        remember: async () => await memory.remember(id),
      }
    },
  }

  async function verifyBody(body: Uint8Array, headers: RawHeaders): Promise<void> {
    const id = header(headers, `${prefix}-Public-Key-Identifier`)
    const signature = header(headers, `${prefix}-Public-Key-Signature`)
    if (id === null || signature === null) {
      throw new VerificationError('missing_headers', 401, `there is no ${prefix}-Public-Key signature`)
    }
    const key = await listed(keys.bodyKey(id))
    if (key === null) throw new VerificationError('unknown_key', 401, 'the signing key is not in the listing')
    if (!bodySignatureHolds(body, key, signature)) {
      throw new VerificationError('bad_signature', 401, 'the signature of the body does not hold')
    }
  }

  /** @returns the delivery id; null when the headers are absent and need not be there */
  async function verifyWebhook(body: Uint8Array, headers: RawHeaders): Promise<string | null> {
    const id = header(headers, 'webhook-id')
    const timestamp = header(headers, 'webhook-timestamp')
    const signature = header(headers, 'webhook-signature')
    if (id === null || timestamp === null || signature === null) {
      if (options.allowWithoutTimestamp === true) return null
      throw new VerificationError('missing_headers', 401, 'the Standard Webhooks headers are missing')
    }
    const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
    const age = now() / 1000 - seconds
    if (!(age <= tolerance)) throw new VerificationError('too_old', 401, 'the timestamp is too old')
    if (age < -tolerance) throw new VerificationError('too_new', 401, 'the timestamp is in the future')
    const signed = { id, timestamp, body }
    if (!(await holdsUnderListed(keys, signed, signature))) {
      throw new VerificationError('bad_signature', 401, 'the Standard Webhooks signature does not hold')
    }
    return id
  }
}

/** A rotated key shows as a signature that does not hold, so the listing is asked once more before giving up. */
async function holdsUnderListed(
  keys: KeySource,
  signed: { id: string; timestamp: string; body: Uint8Array },
  signature: string,
): Promise<boolean> {
  for (const fresh of [false, true]) {
    const listing = await listed(keys.webhookKeys(fresh))
    const usable = listing.map(webhookPublicKey).filter((key) => key !== null)
    if (webhookSignatureHolds(signed, signature, usable)) return true
  }
  return false
}

async function listed<T>(keys: Promise<T>): Promise<T> {
  try {
    return await keys
  } catch {
    throw new VerificationError('keys_unavailable', 503, 'the key listing cannot be read; try again later')
  }
}
