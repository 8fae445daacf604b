/**
 * No credential is anywhere but where it leaked: planted ones are looked for, raw and in base64, in everything the
 * service writes: the data folder of PostgreSQL with its WAL, Redis' append-only file, logs, metrics, answers of
 * the API, mails and temporary files. The mirrors of repositories are the one exception; their mode is 0700.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { setUp, startScan } from '../../src/demo/steps.ts'
import { redisFound, startRedis, type TestRedis } from '../support/redis.ts'
import { startWorldRun, type WorldRun } from './world-run.ts'

let run: WorldRun | null = null
let redis: TestRedis | null = null
let temporary = ''

afterEach(async () => {
  await run?.close()
  await redis?.stop()
  await rm(temporary, { recursive: true, force: true })
  run = null
  redis = null
})

describe('a planted credential', () => {
  it.each(['confirmed', 'waiting for an issuer that is down'] as const)(
    'is nowhere in what the service keeps and writes, once %s',
    async (state) => {
      redis = redisFound ? await startRedis() : null
      temporary = await mkdtemp(join(tmpdir(), 'keyrecall-secrecy-'))
      run = await startWorldRun({
        seed: 21,
        leaks: 16,
        env: { TMPDIR: temporary, ...(redis ? { REDIS_URL: redis.url } : {}) },
      })
      const service = await run.start()
      await setUp(run.client(), run.world)
      if (state !== 'confirmed') run.world.issuer.setFault('down')
      await startScan(run.client())
      if (state === 'confirmed') await run.settle()
      else await expect.poll(() => attempts(), { timeout: 60_000 }).toBeGreaterThanOrEqual(16)

      const spoken = await everythingSaid(service.url ?? '', service.token ?? '')
      const dataFolder = await run.database.pool.query<{ data_directory: string }>('show data_directory')
      await run.database.pool.query('checkpoint')
      const folders = [
        dataFolder.rows[0]?.data_directory ?? '',
        temporary,
        ...(redis ? [redis.dir] : []),
        ...run.homes(),
      ]
      const haystack = new Map<string, Buffer>([
        ['answers, metrics, log', Buffer.from(`${spoken}\n${service.log()}`)],
        [
          'mails',
          Buffer.from(
            run.world.mailbox
              .mails()
              .map((mail) => mail.source)
              .join('\n'),
          ),
        ],
        ...folders.flatMap((folder) => filesUnder(folder).map((path) => [path, readFileSync(path)] as const)),
      ])

      expect([...haystack.keys()].some((path) => path.includes('pg_wal'))).toBe(true)
      expect(haystack.get('answers, metrics, log')?.includes('secret_redacted')).toBe(true)
      expect(leaksIn(haystack)).toEqual([])
      expect(mirrorModes()).toEqual(['700'])
    },
  )

  it('would be seen if it were there', () => {
    const token = ['npm', 'a'.repeat(20)].join('_')
    const plan = { planted: [{ token }], decoys: [] }
    const hay = new Map([['x', Buffer.from(`before${Buffer.from(`"${token}"`).toString('base64')}`)]])

    expect(leaksOf(plan, hay)).toHaveLength(1)
  })
})

async function attempts(): Promise<number> {
  const rows = await run?.database.db.selectFrom('deliveryAttempt').select('id').execute()
  return rows?.length ?? 0
}

/** Every list and page of the API, the metrics and the document. */
async function everythingSaid(url: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const paths = [
    '/v1/findings?per_page=100',
    '/v1/revocations?per_page=100',
    '/v1/deliveries?per_page=100',
    '/v1/scans?per_page=100',
    '/v1/audit?per_page=100',
    '/v1/sources',
    '/v1/issuers',
    '/v1/schedules',
    '/metrics',
    '/openapi.json',
  ]
  const findings = (await (await fetch(`${url}/v1/findings?per_page=100`, { headers })).json()) as {
    url: string
    locations_url: string
  }[]
  paths.push(
    ...findings.flatMap((finding) => [finding.url, finding.locations_url, `${finding.url}/revocations`]),
  )
  const texts: string[] = []
  for (const path of paths) texts.push(await (await fetch(new URL(path, url), { headers })).text())
  return texts.join('\n')
}

function leaksIn(haystack: ReadonlyMap<string, Buffer>): string[] {
  return leaksOf(run?.plan ?? { planted: [], decoys: [] }, haystack)
}

function leaksOf(
  plan: { planted: readonly { token: string }[]; decoys: readonly { token: string }[] },
  haystack: ReadonlyMap<string, Buffer>,
): string[] {
  const leaks: string[] = []
  for (const { token } of plan.planted) {
    const needles = formsOf(token)
    for (const [name, content] of haystack) {
      if (needles.some((needle) => content.includes(needle))) leaks.push(name)
    }
  }
  return leaks
}

/** The value, and what of its base64 does not depend on its neighbours, at each alignment and in both alphabets. */
function formsOf(token: string): string[] {
  const forms = [token]
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(token)]).toString('base64')
    const inner = text.slice(shift === 0 ? 0 : 4, Math.floor(((shift + token.length) * 4) / 3) - 1)
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

/** All files under a folder but those of the mirrors. */
function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'mirrors' ? [] : filesUnder(path)
    return entry.isFile() ? [path] : []
  })
}

function mirrorModes(): string[] {
  const modes = (run?.homes() ?? []).map((home) => (statSync(join(home, 'mirrors')).mode & 0o777).toString(8))
  return [...new Set(modes)]
}
