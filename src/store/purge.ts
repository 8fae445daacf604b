/**
 * Forgets what has served its purpose: sent outbox rows, and sealed values that nothing will be done with any more.
 * Safe to run at any time and twice at once.
 */
import { sql } from 'kysely'
import type { Db } from './database.ts'
import { purgeSent } from './outbox.ts'

export interface PurgeOptions {
  /** Sent outbox rows stay this long, for people and for `recover`; default one day. */
  outboxSeconds?: number
  /** Sealed credentials of resolved findings stay this long; default 30 days. */
  resolvedSeconds?: number
}

export interface Purged {
  outbox: number
  secrets: number
  bodies: number
}

export async function purge(db: Db, options: PurgeOptions = {}): Promise<Purged> {
  const outbox = await purgeSent(db, options.outboxSeconds ?? 86_400)
  const seconds = options.resolvedSeconds ?? 30 * 86_400
  const secrets = await db
    .updateTable('finding')
    .set({ sealedSecret: null, sealedCompanion: null })
    .where((eb) => eb.or([eb('sealedSecret', 'is not', null), eb('sealedCompanion', 'is not', null)]))
    .where('state', '=', 'resolved')
    .where('resolvedAt', '<', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('response')
            .select('response.id')
            .whereRef('response.findingId', '=', 'finding.id')
            .where('response.state', 'in', ['planned', 'awaiting_approval', 'executing', 'submitted']),
        ),
      ),
    )
    .executeTakeFirst()
  const bodies = await db
    .updateTable('delivery')
    .set({ sealedBody: null })
    .where('sealedBody', 'is not', null)
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('response')
            .select('response.id')
            .whereRef('response.id', '=', 'delivery.responseId')
            .where('response.state', 'in', ['confirmed', 'rejected', 'reversed']),
        ),
        eb.and([eb('kind', '=', 'test'), eb('state', '!=', 'pending')]),
      ]),
    )
    .executeTakeFirst()
  return {
    outbox,
    secrets: Number(secrets.numUpdatedRows),
    bodies: Number(bodies.numUpdatedRows),
  }
}
