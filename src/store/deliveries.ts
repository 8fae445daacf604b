/**
 * Webhooks on their way to issuers. The stored bytes never change between attempts, only their signature does. A
 * delivery is claimed under a lease before it is sent, so that two jobs for it send once; no transaction is open
 * while the network is waited for.
 */
import { type Selectable, sql } from 'kysely'
import { type Db, type Tx, within } from './database.ts'
import { enqueue } from './outbox.ts'
import type { Tables } from './tables.ts'

export type DeliveryRow = Selectable<Tables['delivery']>

export interface ClaimedDelivery extends DeliveryRow {
  /** Another worker had it and never said what came of it: the issuer may have been told already. */
  reclaimed: boolean
}

export interface NewDelivery {
  /** Chosen by the caller, who binds the sealed body to it. */
  id: string
  issuerId: string
  responseId: string | null
  kind: 'revoke' | 'test'
  sealedBody: Buffer
  bodySha256: Buffer
}

/** Also has it sent, unless it is a test, which its caller sends at once. */
export async function createDelivery(tx: Tx, delivery: NewDelivery): Promise<void> {
  await tx.insertInto('delivery').values(delivery).execute()
  if (delivery.kind === 'revoke') await enqueue(tx, 'deliver', { deliveryId: delivery.id })
}

/** The delivery, claimed for `leaseMilliseconds`; null when it is done, not due, or another has it. */
export async function claimDelivery(
  db: Db,
  id: string,
  leaseMilliseconds: number,
): Promise<ClaimedDelivery | null> {
  const row = await db
    .updateTable('delivery')
    .set({ claimedUntil: sql<Date>`now() + make_interval(secs => ${leaseMilliseconds / 1000})` })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('nextAttemptAt', '<=', sql<Date>`now()`)
    .where((eb) => eb.or([eb('claimedUntil', 'is', null), eb('claimedUntil', '<', sql<Date>`now()`)]))
    .returningAll()
    // The sub-select sees the row as it was before this statement.
    .returning(
      sql<boolean>`(select old.claimed_until is not null from delivery old where old.id = delivery.id)`.as(
        'reclaimed',
      ),
    )
    .executeTakeFirst()
  return row ?? null
}

/** Holds on to a claim that has not run out. */
export async function renewDelivery(db: Db, id: string, leaseMilliseconds: number): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ claimedUntil: sql<Date>`now() + make_interval(secs => ${leaseMilliseconds / 1000})` })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('claimedUntil', '>', sql<Date>`now()`)
    .execute()
}

/** Gives a claimed delivery back without an attempt, to be looked at again at `at` (the kill switch is on). */
export async function postponeDelivery(db: Db | Tx, id: string, at: Date): Promise<void> {
  await within(db, async (tx) => {
    await tx
      .updateTable('delivery')
      .set({ claimedUntil: null, nextAttemptAt: at })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute()
    await enqueue(tx, 'deliver', { deliveryId: id }, at)
  })
}

export interface Attempt {
  deliveryId: string
  /** HTTP status; null when no answer came. */
  status: number | null
  /** From a closed list. */
  outcome: string
  milliseconds: number
  /** `pending` needs `nextAttemptAt`. */
  state: 'pending' | 'delivered' | 'dead'
  nextAttemptAt?: Date
}

/**
 * Notes an attempt and what becomes of the delivery, and has the next attempt made. False: the delivery had been
 * settled meanwhile (its lease ran out and another attempt was answered), so nothing may follow from this one.
 */
export async function recordAttempt(tx: Tx, attempt: Attempt): Promise<boolean> {
  const next = attempt.state === 'pending' ? (attempt.nextAttemptAt ?? new Date()) : null
  const row = await tx
    .updateTable('delivery')
    .set({
      attempts: sql<number>`attempts + 1`,
      state: attempt.state,
      lastStatus: attempt.status,
      lastOutcome: attempt.outcome,
      claimedUntil: null,
      ...(next ? { nextAttemptAt: next } : { completedAt: sql<Date>`now()` }),
    })
    .where('id', '=', attempt.deliveryId)
    .where('state', '=', 'pending')
    .returning('id')
    .executeTakeFirst()
  const { deliveryId, status, outcome, milliseconds } = attempt
  await tx.insertInto('deliveryAttempt').values({ deliveryId, status, outcome, milliseconds }).execute()
  if (row && next) await enqueue(tx, 'deliver', { deliveryId }, next)
  return row !== undefined
}

/** Attempts ever made, those before it was revived too. */
export async function countAttempts(tx: Db | Tx, deliveryId: string): Promise<number> {
  const row = await tx
    .selectFrom('deliveryAttempt')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('deliveryId', '=', deliveryId)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Has a dead delivery tried from the start again. False when it is not dead or its body is gone. */
export async function reviveDelivery(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .updateTable('delivery')
    .set({ state: 'pending', attempts: 0, nextAttemptAt: sql<Date>`now()`, completedAt: null })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .where('sealedBody', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  await enqueue(tx, 'deliver', { deliveryId: id })
  return true
}

/** Forgets the sealed body of a response's delivery. */
export async function purgeBody(tx: Db | Tx, responseId: string): Promise<void> {
  await tx.updateTable('delivery').set({ sealedBody: null }).where('responseId', '=', responseId).execute()
}

export async function getDelivery(db: Db | Tx, id: string): Promise<DeliveryRow | null> {
  const row = await db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}
