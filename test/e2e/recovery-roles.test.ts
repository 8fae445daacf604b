/** Relay, API, scheduler and PostgreSQL killed with SIGKILL and started again: the service finishes all the same. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runScheduled, setUp, startScan } from '../../src/demo/steps.ts'
import { beginRecovery, expectWhole } from './recovery-run.ts'
import type { WorldRun } from './world-run.ts'

describe('the relay killed', () => {
  it.each(['before-outbox-send#1', 'after-outbox-send#1'] as const)(
    'at %s, first in the scheduler and then in the worker, loses no job',
    async (point) => {
      const here = await beginRecovery(100)
      const front = await here.start({ roles: ['api', 'scheduler'], crashAt: point })
      await setUp(here.client(), here.world)
      // The API dies with the relay, perhaps before it has answered: the scan is committed by then.
      await startScan(here.client()).catch(() => undefined)
      expect(await front.ended).toBe('SIGKILL')
      const worker = await here.start({ roles: ['worker'], crashAt: point })

      expect(await worker.ended).toBe('SIGKILL')
      await here.start()

      await expectWhole(here)
    },
  )
})

describe('the API killed', () => {
  it('right after it accepted a scan has started it', async () => {
    const here = await beginRecovery(200)
    const api = await here.start({ roles: ['api'] })
    await setUp(here.client(), here.world)

    await startScan(here.client())
    await api.kill()
    await here.start()

    await expectWhole(here)
  })
})

describe('the scheduler killed', () => {
  it('before its tick starts the scan at the next start, once', async () => {
    const here = await beginRecovery(300)
    await here.start({ roles: ['api', 'worker'] })
    const setup = await setUp(here.client(), here.world)
    const scheduler = await here.start({ roles: ['scheduler'] })
    // Time enough for the next one to be there, also where it is killed before it took the schedule over.
    const scan = runScheduled(here.client(), setup, () => {}, 12_000)
    await expect.poll(async () => scheduled(here)).toBe(true)

    await scheduler.kill()
    await here.start({ roles: ['scheduler'] })
    await scan

    await expectWhole(here)
    expect(await here.client().all('/v1/scans')).toHaveLength(1)
  })
})

describe('PostgreSQL killed', () => {
  it.each([1, 6, 12])('after %i findings comes back and nothing is lost', async (findings) => {
    const here = await beginRecovery(400 + findings)
    await here.start()
    await setUp(here.client(), here.world)
    await startScan(here.client())
    await expect
      .poll(() => countFindings(here).catch(() => 0), { timeout: 30_000, interval: 20 })
      .toBeGreaterThanOrEqual(findings)

    await killPostgres(here)

    await expect.poll(() => countFindings(here).catch(() => 0), { timeout: 30_000 }).toBeGreaterThan(0)
    await expectWhole(here)
  })
})

async function scheduled(here: WorldRun): Promise<boolean> {
  const rows = await here.client().all<{ enabled: boolean }>('/v1/schedules')
  return rows.some((row) => row.enabled)
}

async function countFindings(here: WorldRun): Promise<number> {
  const row = await here.database.db
    .selectFrom('finding')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Kills the postmaster: its children end with it, and its supervisor starts another. */
async function killPostgres(here: WorldRun): Promise<void> {
  const { rows } = await here.database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const status = readFileSync(`/proc/${rows[0]?.pid}/status`, 'utf8')
  process.kill(Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]), 'SIGKILL')
}
