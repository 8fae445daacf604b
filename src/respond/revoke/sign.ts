/**
 * Signatures of a delivery: GitHub's dialect (ECDSA P-256 over the raw body, DER, base64) and, beside it, Standard
 * Webhooks (`v1a`, ed25519 over `id.timestamp.body`). Only one header family of the first kind is ever sent: a
 * receiver that knows two would take the first and look for the key at the wrong place.
 */
import { type KeyObject, sign } from 'node:crypto'

export interface SigningKeys {
  /** P-256. The id is SHA-256 of the PEM text of the public key, with its final line feed. */
  body: { id: string; privateKey: KeyObject }
  /** ed25519. */
  webhook: { id: string; privateKey: KeyObject }
}

/** Base64 of the DER signature; its length varies from call to call. */
export function signBody(body: Buffer, privateKey: KeyObject): string {
  return sign('sha256', body, privateKey).toString('base64')
}

/** An entry of the `webhook-signature` list. @param timestamp seconds since 1970 */
function signWebhook(id: string, timestamp: number, body: Buffer, privateKey: KeyObject): string {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
  return `v1a,${sign(null, signed, privateKey).toString('base64')}`
}

export interface Signed {
  /** Id of the delivery: the same on every attempt. */
  id: string
  /** First part of the header names: `Github`, `Gitlab` or the issuer's own choice. */
  prefix: string
  body: Buffer
  /** Milliseconds since 1970 of this attempt. */
  now: number
}

/** All headers of a delivery. The content type is exact: one known receiver compares for equality. */
export function signedHeaders(signed: Signed, keys: SigningKeys): Record<string, string> {
  const { id, prefix, body } = signed
  const timestamp = Math.floor(signed.now / 1000)
  return {
    'Content-Type': 'application/json',
    Accept: '*/*',
    [`${prefix}-Public-Key-Identifier`]: keys.body.id,
    [`${prefix}-Public-Key-Signature`]: signBody(body, keys.body.privateKey),
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook(id, timestamp, body, keys.webhook.privateKey),
  }
}
