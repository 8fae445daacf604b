/** A local world, a database and service processes for one end-to-end test, and what came of it in the end. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { deriveKeys } from '../../src/base/service-key.ts'
import { type ApiClient, createApiClient } from '../../src/demo/client.ts'
import { type DemoEvidence, type SeenFinding, weigh } from '../../src/demo/evidence.ts'
import type { ReceivedMail } from '../../src/demo/mailbox.ts'
import { companyDomain, type DemoPlan, planDemo } from '../../src/demo/plan.ts'
import { demoVariables } from '../../src/demo/service.ts'
import { type DemoWorld, startWorld } from '../../src/demo/world.ts'
import { fingerprint } from '../../src/findings/fingerprint.ts'
import { Secret } from '../../src/model/secret.ts'
import { countUnfinished } from '../../src/store/unfinished.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import {
  databaseUrl,
  type ServiceProcess,
  type ServiceProcessOptions,
  startServiceProcess,
} from '../support/service-process.ts'

export interface WorldRun {
  world: DemoWorld
  plan: DemoPlan
  database: TestDatabase
  /** The variables every process gets. */
  env: Record<string, string>
  /** Starts a process of the service; one with the role api becomes the one `client` talks to. */
  start(options?: Pick<ServiceProcessOptions, 'roles' | 'crashAt'>): Promise<ServiceProcess>
  client(): ApiClient
  /** The home folders of the processes. */
  homes(): string[]
  /** Waits until no row waits for anything, then weighs what issuer and mailboxes say. */
  settle(): Promise<DemoEvidence>
  close(): Promise<void>
}

export interface WorldRunOptions {
  seed: number
  leaks?: number
  env?: Record<string, string>
}

export async function startWorldRun(options: WorldRunOptions): Promise<WorldRun> {
  const plan = planDemo(options.seed, options.leaks)
  const database = await testDatabase(true)
  const folder = await mkdtemp(join(tmpdir(), 'keyrecall-e2e-'))
  const processes: ServiceProcess[] = []
  let apiUrl = ''
  let token = ''
  const world = await startWorld(plan, { publicKeysUrl: () => `${apiUrl}/meta/public_keys/secret_scanning` })
  const master = randomBytes(32)
  const keys = deriveKeys(master, 1)
  const startedAt = Date.now()
  const env = {
    ...demoVariables(folder, world),
    DATABASE_URL: databaseUrl(database.settings),
    KEYRECALL_SERVICE_KEY: master.toString('base64'),
    LEASE_SECONDS: '1',
    RECOVER_SECONDS: '1',
    ...options.env,
  }
  const client = (): ApiClient => createApiClient(apiUrl, token)

  return {
    world,
    plan,
    database,
    env,
    client,
    homes: () => processes.map((_, index) => join(folder, `home-${index}`)),
    async start(given = {}) {
      const home = join(folder, `home-${processes.length}`)
      const started = await startServiceProcess({ ...given, env: { ...env, KEYRECALL_HOME: home } })
      processes.push(started)
      apiUrl = started.url ?? apiUrl
      token = started.token ?? token
      return started
    },
    async settle() {
      await untilSettled(database)
      const findings = await client().all<SeenFinding>('/v1/findings?per_page=100')
      return weigh({
        plan,
        fingerprint: (secret, detector) =>
          fingerprint(keys.fingerprint, new Secret(Buffer.from(secret), detector), detector),
        findings,
        records: world.issuer.records(),
        mails: withoutRepeats(world.mailbox.mails()),
        mailFrom: `keyrecall@${companyDomain}`,
        startedAt,
      })
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()))
      await world.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function untilSettled(database: TestDatabase): Promise<void> {
  const deadline = Date.now() + 60_000
  let quiet = 0
  while (quiet < 3) {
    // The database may be the one that was killed.
    const open = await countUnfinished(database.db).catch(() => Number.NaN)
    quiet = open === 0 ? quiet + 1 : 0
    if (Date.now() > deadline) throw new Error('after a minute there is still work open')
    await sleep(200)
  }
}

/** A crash between the mail server's 250 and our commit may repeat a mail, under the same Message-ID. */
function withoutRepeats(mails: readonly ReceivedMail[]): ReceivedMail[] {
  const seen = new Set<string>()
  return mails.filter((mail) => {
    const key = `${mail.messageId} ${mail.envelope.to.join(',')}`
    return !seen.has(key) && Boolean(seen.add(key))
  })
}
