/** How many rows wait for something to be done: what a demonstration or a test asks to know that all is through. */
import { sql } from 'kysely'
import type { Db } from './database.ts'

/** 0: no task, job, plan, delivery, look-up, notice or mail is open. Responses that wait for a person do not count. */
export async function countUnfinished(db: Db): Promise<number> {
  const result = await sql<{ open: string }>`select
      (select count(*) from outbox where sent_at is null and run_at <= now())
    + (select count(*) from task join scan on scan.id = task.scan_id
        where scan.state = 'running' and task.state in ('pending', 'running'))
    + (select count(*) from finding where planned_at is null)
    + (select count(*) from response where state in ('planned', 'executing'))
    + (select count(*) from response where state = 'submitted' and next_confirm_at is not null)
    + (select count(*) from response where state in ('confirmed', 'failed') and noticed_at is null)
    + (select count(*) from delivery where state = 'pending' and kind = 'revoke')
    + (select count(*) from notice where mail_id is null)
    + (select count(*) from mail where state = 'pending') as open`.execute(db)
  return Number(result.rows[0]?.open ?? 0)
}
