/**
 * Both backends of the queue for the tests of one file: PostgreSQL always, Redis where a server is found (its tests
 * show as skipped otherwise). Each opening starts with an empty queue on a database with no rows of ours.
 */
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { queueNames } from '../../src/model/jobs.ts'
import { openQueues, type QueueBackend } from '../../src/queue/backend.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { redisFound, startRedis, type TestRedis } from '../support/redis.ts'

export const silent = createLog({ level: 'silent' })

export interface TestBackend {
  name: 'PostgreSQL' | 'Redis'
  /** False: there is no server for it here. */
  there: boolean
  database(): TestDatabase
  /** Opens it with nothing in queue and tables; closed after the test. */
  open(): Promise<QueueBackend>
  /** One more process on the same queue; closed after the test. */
  openAgain(): Promise<QueueBackend>
  /** Loses everything the queue holds, its schedulers too. */
  lose(queues: QueueBackend): Promise<void>
  /** Everything the queue stores, as text. */
  stored(): Promise<string>
}

export function testBackends(): TestBackend[] {
  let database: TestDatabase
  let redis: TestRedis | null = null
  const opened: QueueBackend[] = []

  beforeAll(async () => {
    database = await testDatabase()
    if (redisFound) redis = await startRedis()
  })
  afterEach(async () => {
    for (const queues of opened.splice(0).reverse()) await queues.close()
  })
  afterAll(async () => {
    await database.drop()
    await redis?.stop()
  })

  async function onRedis<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(redis?.url ?? '')
    try {
      return await work(client)
    } finally {
      client.disconnect()
    }
  }

  function backend(
    name: TestBackend['name'],
    parts: Pick<TestBackend, 'there' | 'lose' | 'stored'>,
  ): TestBackend {
    async function openAgain(): Promise<QueueBackend> {
      const settings = name === 'Redis' ? { redisUrl: redis?.url ?? '' } : { postgres: database.settings }
      const queues = await openQueues(settings, silent)
      opened.push(queues)
      return queues
    }
    return {
      name,
      ...parts,
      database: () => database,
      openAgain,
      async open() {
        const queues = await openAgain()
        await parts.lose(queues)
        await database.pool.query('truncate scan, schedule, outbox, seen_content, finding cascade')
        return queues
      },
    }
  }

  return [
    backend('PostgreSQL', {
      there: true,
      async lose(queues) {
        for (const name of queueNames) await queues.queue(name).obliterate({ force: true })
      },
      stored: () => tablesAsText(database),
    }),
    backend('Redis', {
      there: redisFound,
      lose: async () => void (await onRedis((client) => client.flushall())),
      stored: () => onRedis(keysAsText),
    }),
  ]
}

async function tablesAsText({ pool }: TestDatabase): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'bullmq'`,
  )
  const texts: string[] = []
  for (const { name } of rows) {
    const table = await pool.query<{ row: string }>(`select t::text as row from bullmq.${name} t`)
    texts.push(...table.rows.map(({ row }) => row))
  }
  return texts.join('\n')
}

async function keysAsText(client: Redis): Promise<string> {
  const texts: string[] = []
  for (const key of await client.keys('*')) {
    const type = await client.type(key)
    if (type === 'hash') texts.push(key, ...Object.entries(await client.hgetall(key)).flat())
    if (type === 'stream') texts.push(key, JSON.stringify(await client.xrange(key, '-', '+')))
    if (type === 'string') texts.push(key, (await client.get(key)) ?? '')
  }
  return texts.join('\n')
}
