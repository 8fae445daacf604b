/** Signing keys made for a test, with the listing an issuer would fetch. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import type { PublicKeys } from '../../src/issuer-kit/index.ts'
import type { SigningKeys } from '../../src/respond/revoke/sign.ts'

export function makeSigningKeys(): { keys: SigningKeys; listing: PublicKeys } {
  const body = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const webhook = generateKeyPairSync('ed25519')
  const pem = body.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const id = createHash('sha256').update(pem).digest('hex')
  const raw = webhook.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const whpk = `whpk_${raw.toString('base64')}`
  return {
    keys: {
      body: { id, privateKey: body.privateKey },
      webhook: { id: 'w1', privateKey: webhook.privateKey },
    },
    listing: {
      public_keys: [{ key_identifier: id, key: pem, is_current: true }],
      webhook_keys: [{ key_identifier: 'w1', key: whpk, is_current: true }],
    },
  }
}
