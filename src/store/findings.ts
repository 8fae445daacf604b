/**
 * Findings: one row for each credential. Rows are made by `findings/record.ts`; the lists of the API are in `pages/`.
 * Sealed columns leave through `getSealed` alone.
 */
import { type Selectable, sql } from 'kysely'
import type { Validity } from '../model/finding.ts'
import type { Db, Tx } from './database.ts'
import type { Tables } from './tables.ts'

export type FindingRow = Omit<Selectable<Tables['finding']>, 'sealedSecret' | 'sealedCompanion'>

const columns = [
  'id',
  'fingerprint',
  'keyVersion',
  'detector',
  'issuer',
  'kind',
  'secretRedacted',
  'checkKind',
  'checkPassed',
  'checkBits',
  'confidence',
  'label',
  'facts',
  'validity',
  'state',
  'resolution',
  'resolutionComment',
  'resolvedAt',
  'resolvedBy',
  'assignee',
  'firstScanId',
  'plannedAt',
  'createdAt',
  'updatedAt',
] as const

export async function getFinding(db: Db | Tx, id: string): Promise<FindingRow | null> {
  const row = await db.selectFrom('finding').select(columns).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** The finding, locked until the transaction ends. */
export async function lockFinding(tx: Tx, id: string): Promise<FindingRow | null> {
  const row = await tx
    .selectFrom('finding')
    .select(columns)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** The finding, now planned; null when another job planned it. */
export async function claimForPlanning(tx: Tx, id: string): Promise<FindingRow | null> {
  const row = await tx
    .updateTable('finding')
    .set({ plannedAt: sql<Date>`now()` })
    .where('id', '=', id)
    .where('plannedAt', 'is', null)
    .returning(columns)
    .executeTakeFirst()
  return row ?? null
}

/** The sealed credential and, of a pair, its other half; bound to the fingerprint. Null once purged. */
export async function getSealed(
  db: Db | Tx,
  id: string,
): Promise<{
  fingerprint: string
  keyVersion: number
  secret: Buffer | null
  companion: Buffer | null
} | null> {
  const row = await db
    .selectFrom('finding')
    .select(['fingerprint', 'keyVersion', 'sealedSecret as secret', 'sealedCompanion as companion'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

export async function setValidity(tx: Db | Tx, id: string, validity: Validity): Promise<void> {
  await tx
    .updateTable('finding')
    .set({ validity, updatedAt: sql<Date>`now()` })
    .where('id', '=', id)
    .execute()
}

/** Forgets the sealed credential: there is nothing left to do with it. */
export async function purgeSecret(tx: Db | Tx, id: string): Promise<void> {
  await tx
    .updateTable('finding')
    .set({ sealedSecret: null, sealedCompanion: null })
    .where('id', '=', id)
    .execute()
}
