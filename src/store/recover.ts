/**
 * Rebuilds a lost queue from the tables: every row that is due and that no job is on its way for gets an outbox row.
 * Run by the clock. A row is woken again only after a while, because its job may simply be waiting its turn; a job
 * too many is harmless, since handlers claim their rows; but a queue that has much to do is given no more than `limit`.
 */
import { type RawBuilder, sql } from 'kysely'
import { type JobName, type QueueName, queueOfJob } from '../model/jobs.ts'
import type { Db } from './database.ts'

export interface RecoverOptions {
  /** The same row is not woken again within this time; default 60. */
  everySeconds?: number
  /** Rows of one kind a pass; default 1000, oldest first. */
  limit?: number
  /** Jobs a queue has waiting; what it has of them is taken off `limit`. Default: none. */
  waiting?: (queue: QueueName) => Promise<number>
}

interface Due {
  job: JobName | 'task'
  /** Rows with the columns `job`, `payload` and `due_at`. */
  rows: RawBuilder<unknown>
}

const due: readonly Due[] = [
  {
    // A task that nobody holds: never begun, or its worker is gone.
    job: 'task',
    rows: sql`select task.kind as job, jsonb_build_object('taskId', task.id) as payload, task.created_at as due_at
      from task join scan on scan.id = task.scan_id
      where scan.state = 'running'
        and (task.state = 'pending' or (task.state = 'running' and task.claimed_until < now()))`,
  },
  {
    job: 'plan-response',
    rows: sql`select 'plan-response' as job, jsonb_build_object('findingId', id) as payload, created_at as due_at
      from finding where planned_at is null`,
  },
  {
    job: 'deliver',
    rows: sql`select 'deliver' as job, jsonb_build_object('deliveryId', id) as payload, next_attempt_at as due_at
      from delivery
      where state = 'pending' and kind = 'revoke' and next_attempt_at <= now()
        and (claimed_until is null or claimed_until < now())`,
  },
  {
    job: 'confirm',
    rows: sql`select 'confirm' as job, jsonb_build_object('responseId', id) as payload, next_confirm_at as due_at
      from response
      where state = 'submitted' and next_confirm_at <= now()
        and (claimed_until is null or claimed_until < now())`,
  },
  {
    job: 'notify',
    rows: sql`select 'notify' as job, jsonb_build_object('findingId', response.finding_id) as payload,
        min(response.updated_at) as due_at
      from response
      where noticed_at is null
        and (state in ('confirmed', 'failed') or (state = 'submitted' and next_confirm_at is null))
        and not exists (select from notice where notice.finding_id = response.finding_id
          and notice.created_at >= response.completed_at)
      group by response.finding_id`,
  },
  {
    job: 'collect-notices',
    rows: sql`select 'collect-notices' as job, '{}'::jsonb as payload, min(created_at) as due_at
      from notice where mail_id is null having count(*) > 0`,
  },
  {
    job: 'send-mail',
    rows: sql`select 'send-mail' as job, jsonb_build_object('mailId', id) as payload, next_attempt_at as due_at
      from mail
      where state = 'pending' and next_attempt_at <= now()
        and (claimed_until is null or claimed_until < now())`,
  },
]

/** Gives how many jobs were written, by kind; kinds with none are left out. */
export async function recover(db: Db, options: RecoverOptions = {}): Promise<Record<string, number>> {
  const everySeconds = options.everySeconds ?? 60
  const waiting = options.waiting ?? (async () => 0)
  const written: Record<string, number> = {}
  for (const { job, rows } of due) {
    const busy = await waiting(job === 'task' ? 'scan' : queueOfJob[job])
    const limit = Math.max(0, (options.limit ?? 1000) - busy)
    if (limit === 0) continue
    const result = await sql`
      insert into outbox (job, payload)
      select due.job, due.payload from (${rows}) as due
      where not exists (
        select from outbox
        where outbox.job = due.job and outbox.payload = due.payload
          and (outbox.sent_at is null or outbox.sent_at > now() - make_interval(secs => ${everySeconds}))
      )
      order by due.due_at
      limit ${limit}`.execute(db)
    const count = Number(result.numAffectedRows ?? 0)
    if (count > 0) written[job] = count
  }
  return written
}
