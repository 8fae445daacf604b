/** Keys that sign revoke webhooks. Private halves are sealed; public halves are served to issuers. */
import { type Selectable, sql } from 'kysely'
import { appendAudit } from './audit.ts'
import { type Db, type Tx, within } from './database.ts'
import type { Tables } from './tables.ts'

export type SigningKeyRow = Selectable<Tables['signingKey']>
export type SigningAlgorithm = SigningKeyRow['algorithm']

/** One key as issuers read it. */
export interface PublicKeyEntry {
  key_identifier: string
  key: string
  is_current: boolean
}

export interface NewSigningKey {
  /** SHA-256 of the PEM text of a P-256 key. */
  keyIdentifier: string
  algorithm: SigningAlgorithm
  /** PEM for P-256; as served. */
  publicKey: string
  sealedPrivateKey: Buffer
  /** When it begins to sign; published at once. */
  activeFrom?: Date
}

export async function insertSigningKey(db: Db | Tx, key: NewSigningKey, actor: string): Promise<void> {
  await within(db, async (tx) => {
    await tx.insertInto('signingKey').values(key).execute()
    await audit(tx, 'signing_key.created', key.keyIdentifier, actor)
  })
}

/** The key that signs now: the one that became active last. */
export async function currentSigningKey(
  db: Db | Tx,
  algorithm: SigningAlgorithm,
): Promise<SigningKeyRow | null> {
  const row = await db
    .selectFrom('signingKey')
    .selectAll()
    .where('algorithm', '=', algorithm)
    .where('isCurrent', '=', true)
    // Not now(), the start of the transaction: one that waited for the lock must see the key made meanwhile.
    .where('activeFrom', '<=', sql<Date>`clock_timestamp()`)
    .orderBy('activeFrom', 'desc')
    .orderBy('keyIdentifier')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** The signing key, made by `make` where there is none yet; of two processes at once, one makes it. */
export async function ensureSigningKey(
  db: Db,
  algorithm: SigningAlgorithm,
  make: () => Omit<NewSigningKey, 'algorithm'>,
): Promise<SigningKeyRow> {
  return within(db, async (tx) => {
    await sql`lock table signing_key in share row exclusive mode`.execute(tx)
    const present = await currentSigningKey(tx, algorithm)
    if (present) return present
    const key = { ...make(), algorithm }
    await insertSigningKey(tx, key, 'service')
    return tx
      .selectFrom('signingKey')
      .selectAll()
      .where('keyIdentifier', '=', key.keyIdentifier)
      .executeTakeFirstOrThrow()
  })
}

/** The P-256 keys in the form GitHub serves its own: issuers' existing code reads it. */
export async function listPublicKeys(db: Db): Promise<PublicKeyEntry[]> {
  return listKeys(db, 'ecdsa-p256')
}

/** The ed25519 keys of Standard Webhooks, as `whpk_…`, in the same form. */
export async function listWebhookKeys(db: Db): Promise<PublicKeyEntry[]> {
  return listKeys(db, 'ed25519')
}

async function listKeys(db: Db, algorithm: SigningAlgorithm): Promise<PublicKeyEntry[]> {
  const rows = await db
    .selectFrom('signingKey')
    .select(['keyIdentifier', 'publicKey', 'isCurrent'])
    .where('algorithm', '=', algorithm)
    .orderBy('activeFrom', 'desc')
    .orderBy('keyIdentifier')
    .execute()
  return rows.map((row) => ({
    key_identifier: row.keyIdentifier,
    key: row.publicKey,
    is_current: row.isCurrent,
  }))
}

async function audit(tx: Tx, action: string, keyIdentifier: string, actor: string): Promise<void> {
  await appendAudit(tx, { actor, action, subjectType: 'signing_key', subjectId: keyIdentifier })
}
