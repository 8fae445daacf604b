/**
 * Our signing keys: made on first need, the private halves sealed in the database. The id of the P-256 key is
 * SHA-256 of its PEM text with the final line feed, as GitHub's own ids are, so that an issuer can check it.
 */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { seal, unseal } from '../../base/seal.ts'
import type { ServiceKeys } from '../../base/service-key.ts'
import type { Db } from '../../store/database.ts'
import {
  currentSigningKey,
  ensureSigningKey,
  listPublicKeys,
  listWebhookKeys,
  type NewSigningKey,
  type PublicKeyEntry,
  type SigningAlgorithm,
  type SigningKeyRow,
} from '../../store/signing-keys.ts'
import type { SigningKeys } from './sign.ts'

/** The keys that sign now. */
export async function loadSigningKeys(db: Db, keys: Pick<ServiceKeys, 'seal'>): Promise<SigningKeys> {
  const body = await load(db, keys, 'ecdsa-p256')
  const webhook = await load(db, keys, 'ed25519')
  return { body, webhook }
}

/**
 * What is served to issuers: GitHub's JSON and, in a member of its own that GitHub's readers pass over, the
 * ed25519 keys as `whpk_…`. Makes the keys where there are none yet: an issuer may ask before the first delivery.
 */
export async function publicKeyListing(
  db: Db,
  keys: Pick<ServiceKeys, 'seal'>,
): Promise<{ public_keys: PublicKeyEntry[]; webhook_keys: PublicKeyEntry[] }> {
  await loadSigningKeys(db, keys)
  return { public_keys: await listPublicKeys(db), webhook_keys: await listWebhookKeys(db) }
}

async function load(
  db: Db,
  keys: Pick<ServiceKeys, 'seal'>,
  algorithm: SigningAlgorithm,
): Promise<{ id: string; privateKey: KeyObject }> {
  // Read first: making sure takes a lock on the table, and is needed once.
  const row: SigningKeyRow =
    (await currentSigningKey(db, algorithm)) ??
    (await ensureSigningKey(db, algorithm, () => makeKey(algorithm, keys.seal)))
  const der = unseal(keys.seal, row.sealedPrivateKey, aadOf(row.keyIdentifier))
  return { id: row.keyIdentifier, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) }
}

/** A new key, sealed. */
export function makeKey(algorithm: SigningAlgorithm, sealKey: Buffer): Omit<NewSigningKey, 'algorithm'> {
  const pair =
    algorithm === 'ecdsa-p256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
  const publicKey = algorithm === 'ecdsa-p256' ? pemOf(pair.publicKey) : webhookKeyOf(pair.publicKey)
  const keyIdentifier = createHash('sha256').update(publicKey).digest('hex')
  const der = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  return { keyIdentifier, publicKey, sealedPrivateKey: seal(sealKey, der, aadOf(keyIdentifier)) }
}

/** PEM with line feeds, the last one included: the text whose hash is the id. */
function pemOf(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

/** Standard Webhooks' spelling: `whpk_` and base64 of the 32 bytes that end the SubjectPublicKeyInfo. */
function webhookKeyOf(publicKey: KeyObject): string {
  return `whpk_${publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`
}

function aadOf(keyIdentifier: string): string {
  return `signing_key:${keyIdentifier}`
}
