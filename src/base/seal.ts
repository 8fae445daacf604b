/**
 * Sealing of what the database must hold but nobody may read there: AES-256-GCM with a fresh nonce.
 * Layout: version byte 1, nonce (12), ciphertext, tag (16). The additional data ties a sealed value to its row,
 * so that it cannot be moved to another.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AppError } from '../model/errors.ts'

const version = 1
const nonceBytes = 12
const tagBytes = 16

/** @param aad what the value belongs to, e.g. a fingerprint; the same text must be given to `unseal`. */
export function seal(key: Buffer, plain: Buffer, aad: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(aad))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.from([version]), nonce, body, cipher.getAuthTag()])
}

/** The plain bytes; `AppError` (config) when the key, the row or the bytes are not those it was sealed with. */
export function unseal(key: Buffer, sealed: Buffer, aad: string): Buffer {
  if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== version) {
    throw new AppError('config', 'a sealed value is damaged or was written by a newer version')
  }
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(aad))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  try {
    const body = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes)
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch (cause) {
    throw new AppError('config', 'a sealed value cannot be opened: wrong service key or damaged row', {
      cause,
    })
  }
}
