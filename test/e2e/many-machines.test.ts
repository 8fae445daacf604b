/** The many-machines way: each role a process of its own, on a PostgreSQL and a Redis that are not ours. */
import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setUp, startScan } from '../../src/demo/steps.ts'
import { redisFound, startRedis, type TestRedis } from '../support/redis.ts'
import { startWorldRun, type WorldRun } from './world-run.ts'

const leaks = 24
const systemPostgres = existsSync('/usr/lib/postgresql')
const both = redisFound && systemPostgres

/** Everything found, disabled and told once; nothing else touched. */
const whole = {
  planted: leaks,
  found: leaks,
  disabled: leaks,
  mailed: leaks,
  decoys_touched: 0,
  stray_mails: [],
  repeated_mails: [],
}

let redis: TestRedis
let run: WorldRun

// Without them the tests show as skipped, with what is missing in their name.
const needs = both ? '' : " (needs redis-server and Debian's postgresql)"

describe.runIf(both)(`api, scheduler and two workers on PostgreSQL and Redis${needs}`, () => {
  beforeEach(async () => {
    process.env['KEYRECALL_TEST_POSTGRES'] = 'system'
    redis = await startRedis()
    run = await startWorldRun({ seed: 11, leaks, env: { REDIS_URL: redis.url } })
  })

  afterEach(async () => {
    await run.close()
    await redis.stop()
    delete process.env['KEYRECALL_TEST_POSTGRES']
  })

  it('finish a scan in which one worker is killed', async () => {
    await run.start({ roles: ['api'] })
    await run.start({ roles: ['scheduler'] })
    await setUp(run.client(), run.world)
    await run.start({ roles: ['worker'] })
    const dying = await run.start({ roles: ['worker'], crashAt: 'between-findings#2' })

    await startScan(run.client())
    expect(await dying.ended).toBe('SIGKILL')

    expect(await run.settle()).toMatchObject(whole)
  })

  it('finish a scan in which Redis is flushed', async () => {
    await run.start({ roles: ['api'] })
    await run.start({ roles: ['scheduler'] })
    await setUp(run.client(), run.world)
    await startScan(run.client())
    await expect.poll(() => waitingJobs()).toBeGreaterThan(0)

    await command((client) => client.flushall())
    await run.start({ roles: ['worker'] })
    await run.start({ roles: ['worker'] })

    expect(await run.settle()).toMatchObject(whole)
  })

  it('end with status 0 when they are asked to, their work handed on', async () => {
    const api = await run.start({ roles: ['api'] })
    const scheduler = await run.start({ roles: ['scheduler'] })
    await setUp(run.client(), run.world)
    const worker = await run.start({ roles: ['worker'] })
    await startScan(run.client())

    expect(await worker.stop()).toBe(0)
    await run.start({ roles: ['worker'] })
    expect(await run.settle()).toMatchObject(whole)

    expect([await scheduler.stop(), await api.stop()]).toEqual([0, 0])
  })
})

function waitingJobs(): Promise<number> {
  return command(async (client) => (await client.keys('bull:scan:outbox-*')).length)
}

async function command<T>(work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.url)
  try {
    return await work(client)
  } finally {
    client.disconnect()
  }
}
