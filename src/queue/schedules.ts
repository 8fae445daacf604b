/**
 * Keeps the queue's job schedulers equal to the schedule rows: at start, when a row changes, and by the clock
 * (a flushed Redis has lost them). A tick's job id names the tick, so that one tick starts one scan.
 */
import type { Log } from '../base/log.ts'
import type { Db } from '../store/database.ts'
import { listSchedules } from '../store/schedules.ts'
import type { QueueBackend } from './backend.ts'

const prefix = 'schedule-'

/** Nothing else remembers a tick: it is tried through hours without a database, not through seconds. */
const patient = { attempts: 15, backoff: { type: 'exponential', delay: 1_000 } }

export async function syncSchedules(deps: { db: Db; queues: QueueBackend }): Promise<void> {
  const queue = deps.queues.queue('upkeep')
  const wanted = (await listSchedules(deps.db)).filter((schedule) => schedule.enabled)
  const standing = new Map((await queue.getJobSchedulers()).map((one) => [one.key, one]))
  for (const schedule of wanted) {
    const key = prefix + schedule.id
    const known = standing.get(key)
    standing.delete(key)
    // An upsert starts the wait anew: only where something changed.
    if (known?.pattern === schedule.cron && known.tz === schedule.timeZone) continue
    await queue.upsertJobScheduler(
      key,
      { pattern: schedule.cron, tz: schedule.timeZone },
      { name: 'run-schedule', data: { scheduleId: schedule.id }, opts: patient },
    )
  }
  for (const key of standing.keys()) {
    if (key.startsWith(prefix)) await queue.removeJobScheduler(key)
  }
}

export interface Upkeep {
  stop(): Promise<void>
}

/** Runs `work` at once and then every `everyMilliseconds`, one at a time; what fails is logged and tried again. */
export function keepUp(
  name: string,
  everyMilliseconds: number,
  work: () => Promise<unknown>,
  log: Log,
): Upkeep {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running = Promise.resolve()
  const round = (): void => {
    running = work()
      .then(() => undefined)
      .catch((error: unknown) => log.warn({ err: error, upkeep: name }, 'upkeep failed'))
      .finally(() => {
        if (!stopped) timer = setTimeout(round, everyMilliseconds)
      })
  }
  round()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
