/**
 * Carries outbox rows to the queue: woken by NOTIFY, by the time of the next row, and by a clock in case a notice
 * was lost. A row is enqueued before it is marked, under a job id made of its own id, so that a crash between the
 * two repeats a job and never loses one.
 */
import { crashPoint } from '../base/crash-point.ts'
import type { Log } from '../base/log.ts'
import { queueNames, queueOfJob } from '../model/jobs.ts'
import type { Db, PoolSettings } from '../store/database.ts'
import { listen } from '../store/listen.ts'
import { markSent, nextRunAt, type OutboxRow, outboxChannel, unsent } from '../store/outbox.ts'
import type { QueueBackend } from './backend.ts'

export interface RelayDeps {
  db: Db
  connection: PoolSettings
  queues: QueueBackend
  log: Log
}

export interface Relay {
  stop(): Promise<void>
}

const batch = 500
/** Longest sleep: how late a row is whose notice was lost. */
const pollMilliseconds = 1_000

export async function startRelay(deps: RelayDeps): Promise<Relay> {
  const state: { stopped: boolean; noticed: boolean; wake: (() => void) | null } = {
    stopped: false,
    noticed: false,
    wake: null,
  }
  const notice = (): void => {
    state.noticed = true
    state.wake?.()
  }
  const listener = await listen(deps.connection, outboxChannel, notice, deps.log)
  const running = (async () => {
    while (!state.stopped) {
      state.noticed = false
      const pause = await round(deps)
      if (pause > 0 && !state.noticed && !state.stopped) {
        await sleep(pause, (resolve) => {
          state.wake = resolve
        })
      }
      state.wake = null
    }
  })()
  return {
    async stop() {
      state.stopped = true
      notice()
      await running
      await listener.close()
    },
  }
}

/** Sends what is due; answers how long to sleep in milliseconds. */
async function round(deps: RelayDeps): Promise<number> {
  try {
    if ((await relayOnce(deps)) === batch) return 0
    const next = await nextRunAt(deps.db)
    return next ? Math.min(pollMilliseconds, Math.max(1, next.getTime() - Date.now())) : pollMilliseconds
  } catch (error) {
    deps.log.warn({ err: error }, 'outbox not relayed')
    return pollMilliseconds
  }
}

/** Enqueues what is due; answers how many rows that were. */
export async function relayOnce(deps: Pick<RelayDeps, 'db' | 'queues'>): Promise<number> {
  const rows = await unsent(deps.db, batch)
  if (rows.length === 0) return 0
  crashPoint('before-outbox-send')
  for (const name of queueNames) {
    const jobs = rows
      .filter((row) => queueOfJob[row.job] === name)
      .map((row) => ({ name: row.job, data: row.payload, opts: { jobId: jobId(row) } }))
    if (jobs.length > 0) await deps.queues.queue(name).addBulk(jobs)
  }
  crashPoint('after-outbox-send')
  await markSent(
    deps.db,
    rows.map((row) => row.id),
  )
  return rows.length
}

/** With the time, because a database that was restored gives out its numbers again, and the queue remembers them. */
function jobId(row: Pick<OutboxRow, 'id' | 'createdAt'>): string {
  return `outbox-${row.id}-${row.createdAt.getTime()}`
}

function sleep(milliseconds: number, onWake: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    onWake(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
