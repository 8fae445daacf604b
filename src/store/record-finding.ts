/** Adding a credential to the findings, or learning more about one that is there. Called by `findings/record.ts`. */
import { sql } from 'kysely'
import type { FindingState, Validity } from '../model/finding.ts'
import type { Confidence, Hit } from '../model/hit.ts'
import type { Tx } from './database.ts'
import { toJson } from './tables.ts'

export interface FindingFacts {
  fingerprint: string
  keyVersion: number
  hit: Hit
  scanId: string | null
  sealedSecret: Buffer
  sealedCompanion: Buffer | null
}

export interface KnownFinding {
  id: string
  fingerprint: string
  state: FindingState
  validity: Validity
  confidence: Confidence
  checkBits: number
  detector: string
  hasSecret: boolean
  hasCompanion: boolean
}

/** The finding under any of these fingerprints (one for each live key version), locked until the transaction ends. */
export async function lockKnown(tx: Tx, fingerprints: readonly string[]): Promise<KnownFinding | null> {
  const row = await tx
    .selectFrom('finding')
    .select([
      'id',
      'fingerprint',
      'state',
      'validity',
      'confidence',
      'checkBits',
      'detector',
      sql<boolean>`sealed_secret is not null`.as('hasSecret'),
      sql<boolean>`sealed_companion is not null`.as('hasCompanion'),
    ])
    .where('fingerprint', 'in', [...fingerprints])
    .orderBy('keyVersion', 'desc')
    .limit(1)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** The id; null when another worker recorded it a moment ago. */
export async function insertFinding(tx: Tx, facts: FindingFacts): Promise<string | null> {
  const row = await tx
    .insertInto('finding')
    .values({
      fingerprint: facts.fingerprint,
      keyVersion: facts.keyVersion,
      firstScanId: facts.scanId,
      sealedSecret: facts.sealedSecret,
      sealedCompanion: facts.sealedCompanion,
      ...described(facts.hit),
    })
    .onConflict((conflict) => conflict.column('fingerprint').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

export interface FindingUpdate {
  /** Says more than what is there. */
  hit?: Hit
  sealedSecret?: Buffer
  sealedCompanion?: Buffer
  reopen?: boolean
}

export async function updateFinding(tx: Tx, id: string, update: FindingUpdate): Promise<void> {
  await tx
    .updateTable('finding')
    .set({
      ...(update.hit ? described(update.hit) : {}),
      ...(update.sealedSecret ? { sealedSecret: update.sealedSecret } : {}),
      ...(update.sealedCompanion ? { sealedCompanion: update.sealedCompanion } : {}),
      ...(update.reopen
        ? {
            state: 'open' as const,
            resolution: null,
            resolutionComment: null,
            resolvedAt: null,
            resolvedBy: null,
          }
        : {}),
      updatedAt: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .execute()
}

/**
 * Has a finding of which more is known now planned again, where nothing was ever done about it: it was only watched.
 * False: something was, or a person decides.
 */
export async function planAgain(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .updateTable('finding')
    .set({ plannedAt: null })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('response')
            .select('response.id')
            .whereRef('response.findingId', '=', 'finding.id')
            .where('response.state', '!=', 'observed'),
        ),
      ),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

function described(hit: Hit) {
  return {
    detector: hit.detector,
    issuer: hit.issuer,
    kind: hit.kind,
    secretRedacted: hit.redacted,
    checkKind: hit.check,
    checkPassed: hit.checkPassed,
    checkBits: hit.checkBits,
    confidence: hit.confidence,
    label: hit.label,
    facts: toJson(hit.facts),
  }
}
