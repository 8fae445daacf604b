/** Killed with SIGKILL at one place after another and started again, the service finishes as if nothing had been. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { CrashPoint } from '../../src/base/crash-point.ts'
import { runScheduled, setUp, startScan } from '../../src/demo/steps.ts'
import { verifyAudit } from '../../src/store/audit.ts'
import { startWorldRun, type WorldRun } from './world-run.ts'

const leaks = 16

/** Where the worker dies: the place, and at which passing. */
const workerDeaths: readonly `${CrashPoint}#${number}`[] = [
  'after-claim#1',
  'after-claim#4',
  'after-claim#8',
  'between-findings#1',
  'between-findings#6',
  'between-blobs#2',
  'between-blobs#7',
  'before-finish-task#2',
  'before-finish-task#5',
  'before-finish-task#8',
  'after-finish-task#1',
  'after-finish-task#6',
  'after-schedule-run#1',
  'after-plan#1',
  'after-plan#9',
  'before-answer#1',
  'before-answer#10',
  'after-answer#1',
  'after-answer#8',
  'after-answer#15',
  'after-confirm#1',
  'after-confirm#5',
  'after-collect#1',
  'before-smtp#1',
  'before-smtp#5',
  'after-smtp#1',
  'after-smtp#4',
]

let run: WorldRun | null = null

afterEach(async () => {
  await run?.close()
  run = null
})

async function begin(seed: number): Promise<WorldRun> {
  run = await startWorldRun({ seed, leaks })
  return run
}

/** @param digests false where an owner's digest may come in parts, since look-ups have times of their own */
async function expectWhole(here: WorldRun, digests = true): Promise<void> {
  const evidence = await here.settle()
  const { credentials, ...sums } = evidence
  expect(sums).toEqual({
    planted: leaks,
    found: leaks,
    disabled: leaks,
    mailed: leaks,
    decoys_touched: 0,
    stray_mails: [],
    repeated_mails: digests ? [] : (expect.any(Array) as unknown),
  })
  // However often a mail was repeated, it was the same one.
  const own = here.world.mailbox.mails().filter((mail) => mail.envelope.from.startsWith('keyrecall@'))
  const ids = credentials.map((one) =>
    own.filter((mail) => mail.text.includes(one.fingerprint.slice(0, 12))).map((mail) => mail.messageId),
  )
  expect(ids.map((each) => new Set(each).size)).toEqual(Array(leaks).fill(1))
  // However often a delivery was repeated, it was the same one.
  expect(credentials.map((one) => one.issuer_record?.deliveries.length)).toEqual(Array(leaks).fill(1))
  expect(await verifyAudit(here.database.db)).toMatchObject({ ok: true })
}

describe('a worker killed', () => {
  it.each(workerDeaths.map((point, index) => ({ point, seed: index + 1 })))(
    'at $point is taken over by the next',
    async ({ point, seed }) => {
      const here = await begin(seed)
      await here.start({ roles: ['api', 'scheduler'] })
      const setup = await setUp(here.client(), here.world)
      if (point.startsWith('after-confirm')) here.world.issuer.setFault('bare-202')
      const dying = await here.start({ roles: ['worker'], crashAt: point })

      if (point.startsWith('after-schedule')) await runScheduled(here.client(), setup, () => {})
      else await startScan(here.client())
      expect(await dying.ended).toBe('SIGKILL')
      await here.start({ roles: ['worker'] })

      await expectWhole(here, !point.startsWith('after-confirm'))
    },
  )
})

describe('the relay killed', () => {
  it.each(['before-outbox-send#1', 'after-outbox-send#1'] as const)(
    'at %s, first in the scheduler and then in the worker, loses no job',
    async (point) => {
      const here = await begin(100)
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
    const here = await begin(200)
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
    const here = await begin(300)
    await here.start({ roles: ['api', 'worker'] })
    const setup = await setUp(here.client(), here.world)
    const scheduler = await here.start({ roles: ['scheduler'] })
    const scan = runScheduled(here.client(), setup, () => {})
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
    const here = await begin(400 + findings)
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
