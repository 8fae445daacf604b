/**
 * Mails to owners. The Message-ID is fixed with the row, before the first attempt: a crash between the mail server's
 * answer and our commit may repeat a mail, but always under the same id, so that mailboxes show it once.
 */
import { type Selectable, sql } from 'kysely'
import { type Db, type Tx, within } from './database.ts'
import { enqueue } from './outbox.ts'
import type { Tables } from './tables.ts'

export type MailRow = Selectable<Tables['mail']>

export interface NewMail {
  address: string
  kind: 'single' | 'digest'
  /** With angle brackets. */
  messageId: string
}

/** Also has it sent. */
export async function createMail(tx: Tx, mail: NewMail): Promise<MailRow> {
  const row = await tx.insertInto('mail').values(mail).returningAll().executeTakeFirstOrThrow()
  await enqueue(tx, 'send-mail', { mailId: row.id })
  return row
}

/** The mail, claimed for `leaseMilliseconds`; null when it is done, not due, or another has it. */
export async function claimMail(db: Db, id: string, leaseMilliseconds: number): Promise<MailRow | null> {
  const row = await db
    .updateTable('mail')
    .set({
      attempts: sql<number>`attempts + 1`,
      claimedUntil: sql<Date>`now() + make_interval(secs => ${leaseMilliseconds / 1000})`,
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('nextAttemptAt', '<=', sql<Date>`now()`)
    .where((eb) => eb.or([eb('claimedUntil', 'is', null), eb('claimedUntil', '<', sql<Date>`now()`)]))
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}

/** Holds on to a claim that has not run out. */
export async function renewMail(db: Db, id: string, leaseMilliseconds: number): Promise<void> {
  await db
    .updateTable('mail')
    .set({ claimedUntil: sql<Date>`now() + make_interval(secs => ${leaseMilliseconds / 1000})` })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('claimedUntil', '>', sql<Date>`now()`)
    .execute()
}

/** Has a mail that nobody holds looked at again at `at`, without an attempt. `reason` is a code. */
export async function postponeMail(db: Db, id: string, reason: string, at: Date): Promise<void> {
  await within(db, async (tx) => {
    const row = await tx
      .updateTable('mail')
      .set({ lastError: reason, nextAttemptAt: at })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .where((eb) => eb.or([eb('claimedUntil', 'is', null), eb('claimedUntil', '<', sql<Date>`now()`)]))
      .returning('id')
      .executeTakeFirst()
    if (row) await enqueue(tx, 'send-mail', { mailId: id }, at)
  })
}

/** False: it was settled before. */
export async function mailSent(tx: Db | Tx, id: string): Promise<boolean> {
  const row = await tx
    .updateTable('mail')
    .set({ state: 'sent', sentAt: sql<Date>`now()`, claimedUntil: null, lastError: null })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** @param failure `retryAt` null: the mail is given up. `error` is a code and never holds an address or a secret. */
export async function mailFailed(
  db: Db | Tx,
  id: string,
  failure: { error: string; retryAt: Date | null },
): Promise<void> {
  await within(db, async (tx) => {
    const row = await tx
      .updateTable('mail')
      .set({
        lastError: failure.error,
        claimedUntil: null,
        ...(failure.retryAt ? { nextAttemptAt: failure.retryAt } : { state: 'dead' as const }),
      })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .returning('id')
      .executeTakeFirst()
    if (row && failure.retryAt) await enqueue(tx, 'send-mail', { mailId: id }, failure.retryAt)
  })
}
