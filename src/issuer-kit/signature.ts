/**
 * The two signatures of a webhook: ECDSA P-256 over the raw body (GitHub's partner dialect, base64 of strict DER)
 * and Standard Webhooks `v1a` (ed25519 over `id.timestamp.body`). Nothing is parsed before both have held.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** As frameworks give them: a `Headers` object, or an object with names in any case. */
export type RawHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

export type VerificationReason =
  | 'missing_headers'
  | 'unknown_key'
  | 'keys_unavailable'
  | 'bad_signature'
  | 'too_old'
  | 'too_new'
  | 'bad_body'

/** Why a request is refused, with the HTTP status to answer. Holds nothing of the body. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
  readonly reason: VerificationReason
  readonly status: number

  constructor(reason: VerificationReason, status: number, message: string) {
    super(message)
    this.reason = reason
    this.status = status
  }
}

/** One header by name, whatever its case; null when absent, empty or given more than once. */
export function header(headers: RawHeaders, name: string): string | null {
  if (typeof headers.get === 'function') return headers.get(name) || null
  const wanted = name.toLowerCase()
  const found = Object.entries(headers as Record<string, string | readonly string[] | undefined>).filter(
    ([key, value]) => key.toLowerCase() === wanted && value !== undefined,
  )
  const value = found.length === 1 ? found[0]?.[1] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Bytes of canonical padded base64, or null. */
export function decodeBase64(text: string): Buffer | null {
  if (text.length > 1024 || !base64.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/**
 * Is this exactly one DER `SEQUENCE { INTEGER r, INTEGER s }`, positive, in the shortest form, with nothing
 * after it? So that a signature has one spelling only.
 */
export function isStrictDer(bytes: Buffer): boolean {
  // 72 bytes at most for P-256, so lengths are always of the short form.
  if (bytes.length < 8 || bytes.length > 72 || bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2)
    return false
  let at = 2
  for (let part = 0; part < 2; part++) {
    const length = bytes[at + 1]
    if (bytes[at] !== 0x02 || length === undefined || length < 1 || length > 33) return false
    const first = bytes[at + 2]
    const second = bytes[at + 3]
    if (first === undefined || first >= 0x80) return false
    if (first === 0 && (length === 1 || second === undefined || second < 0x80)) return false
    at += 2 + length
  }
  return at === bytes.length
}

/** @param publicKey PEM of a P-256 key; @param signature base64 of DER, as in the header */
export function bodySignatureHolds(body: Uint8Array, publicKey: string, signature: string): boolean {
  const der = decodeBase64(signature)
  if (der === null || !isStrictDer(der)) return false
  const key = readKey(publicKey)
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false
  return verify('sha256', body, key, der)
}

/** Null for a text that is no key: a broken entry of the listing is no reason to fail otherwise than `bad_signature`. */
function readKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}

// SubjectPublicKeyInfo of an ed25519 key up to the 32 bytes of the key itself (RFC 8410).
const ed25519Head = Buffer.from('302a300506032b6570032100', 'hex')

/** @param text `whpk_` and base64 of the 32 bytes of an ed25519 key, or just that base64 */
export function webhookPublicKey(text: string): KeyObject | null {
  const raw = decodeBase64(text.replace(/^whpk_/, ''))
  if (raw === null || raw.length !== 32) return null
  return createPublicKey({ key: Buffer.concat([ed25519Head, raw]), format: 'der', type: 'spki' })
}

/** Does one of the `v1a` entries of the list hold under one of the keys? */
export function webhookSignatureHolds(
  signed: { id: string; timestamp: string; body: Uint8Array },
  list: string,
  keys: readonly KeyObject[],
): boolean {
  const text = Buffer.concat([Buffer.from(`${signed.id}.${signed.timestamp}.`), signed.body])
  return list
    .split(' ')
    .slice(0, 8)
    .filter((entry) => entry.startsWith('v1a,'))
    .some((entry) => {
      const bytes = decodeBase64(entry.slice(4))
      return bytes?.length === 64 && keys.some((key) => verify(null, text, key, bytes))
    })
}
