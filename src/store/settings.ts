/** Switches read at run time. The kill switch is looked at before every action, so it is one read by key. */
import { sql } from 'kysely'
import { appendAudit } from './audit.ts'
import { type Db, type Tx, within } from './database.ts'
import { toJson } from './tables.ts'

/** While true nothing is sent to any issuer. */
export async function killSwitch(db: Db | Tx): Promise<boolean> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('name', '=', 'kill_switch')
    .executeTakeFirst()
  return row?.value === true
}

export async function setKillSwitch(
  db: Db | Tx,
  engaged: boolean,
  actor: string,
  reason: string,
): Promise<void> {
  await within(db, async (tx) => {
    await tx
      .insertInto('setting')
      .values({ name: 'kill_switch', value: toJson(engaged) })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({ value: toJson(engaged), updatedAt: sql<Date>`now()` }),
      )
      .execute()
    await appendAudit(tx, {
      actor,
      action: engaged ? 'kill_switch.engaged' : 'kill_switch.released',
      subjectType: 'setting',
      subjectId: 'kill_switch',
      detail: { reason },
    })
  })
}
