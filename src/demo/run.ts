/**
 * The whole product on one machine: starts the local world and the service, sets the service up over its API as a
 * newcomer would, lets its scheduler start a scan of everything, waits until nothing moves any more, and weighs
 * what the issuer and the mailboxes say.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeEmbedded } from '../store/embedded/embedded.ts'
import { type ApiClient, createApiClient } from './client.ts'
import { type DemoEvidence, type SeenFinding, weigh } from './evidence.ts'
import { type DemoPlan, planDemo } from './plan.ts'
import { type DemoService, startDemoService } from './service.ts'
import { runScheduled, type ScanState, setUp, sources, waitUntilQuiet } from './steps.ts'
import { type Failure, findFailure, type Symptoms } from './verdict.ts'
import { type DemoWorld, startWorld } from './world.ts'

export const breakable = ['issuer', 'signature', 'mail', 'worker', 'checksum'] as const
export type Break = (typeof breakable)[number]

export interface DemoOptions {
  seed: number
  leaks?: number
  break?: Break
  version: string
  /** Told as the demo goes on. */
  progress: (line: string) => void
  /** Ends it early, with nothing left behind. */
  signal: AbortSignal
}

export interface DemoResult {
  evidence: DemoEvidence
  failure: Failure | null
  /** From the start of the local world to the last confirmed response. */
  seconds: number
  second_run: Symptoms['secondRun']
  urls: {
    api: string
    github: string
    github_api: string
    s3: string
    issuer: string
    organisation_repository: string
  }
  /** Made up for this run: an admin token of the service, one the local GitHub takes, a key pair of the S3 server. */
  tokens: { api: string; github: string; s3_id: string; s3_key: string }
  /** What the service scans, as on the command line. */
  targets: readonly string[]
}

export interface RunningDemo {
  result: DemoResult
  /** Ends everything and removes its files. */
  close(): Promise<void>
}

export async function runDemo(options: DemoOptions): Promise<RunningDemo> {
  const begun = Date.now()
  const plan = planDemo(options.seed, options.leaks, options.break === 'checksum')
  const folder = await mkdtemp(join(tmpdir(), 'keyrecall-demo-'))
  const closing: (() => Promise<void>)[] = [() => removeHome(folder)]
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  try {
    options.progress('starting a GitHub, an S3 server, an issuer and a mail server')
    let apiUrl = ''
    const world = await startWorld(plan, {
      publicKeysUrl: () => `${apiUrl}/meta/public_keys/secret_scanning`,
    })
    closing.push(() => world.close())
    options.signal.throwIfAborted()
    options.progress('starting PostgreSQL, queue, API and workers')
    const service = await startDemoService(folder, world, {
      withoutReaders: options.break === 'worker',
      version: options.version,
    })
    closing.push(() => service.stop())
    options.signal.throwIfAborted()
    apiUrl = service.url
    const client = createApiClient(service.url, service.token)
    const shown = demonstrate(plan, world, service, client, options)
    // Left alone, it ends at its next request to a service that is gone.
    const result = await Promise.race([shown, aborted(options.signal)])
    return { result: { ...result, seconds: (Date.now() - begun) / 1000 }, close }
  } catch (error) {
    await close()
    throw error
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

async function demonstrate(
  plan: DemoPlan,
  world: DemoWorld,
  service: DemoService,
  client: ApiClient,
  options: DemoOptions,
): Promise<Omit<DemoResult, 'seconds'>> {
  options.progress('naming sources and the issuer, proving its endpoint with a made-up token')
  const setup = await setUp(client, world)
  breakPart(options.break, world)

  const startedAt = Date.now()
  const scan = await runScheduled(client, setup, options.progress)
  await waitUntilQuiet(client, service, world, options.progress)
  const look = async (): Promise<DemoEvidence> =>
    weigh({
      plan,
      fingerprint: (token, detector) => service.fingerprint(token, detector),
      findings: await client.all<SeenFinding>('/v1/findings?per_page=100'),
      records: world.issuer.records(),
      mails: world.mailbox.mails(),
      mailFrom: service.mailFrom,
      startedAt,
    })
  const symptoms = await collectSymptoms(client, scan, plan)
  let evidence = await look()
  let failure = findFailure(evidence, symptoms)
  if (!failure) {
    options.progress('running the schedule again: nothing may be added')
    symptoms.secondRun = await runAgain(client, service, world, setup, options.progress)
    evidence = await look()
    failure = findFailure(evidence, symptoms)
  }
  return {
    evidence,
    failure,
    second_run: symptoms.secondRun,
    tokens: {
      api: service.token,
      github: world.github.token,
      s3_id: world.s3.credentials.accessKeyId,
      s3_key: world.s3.credentials.secretAccessKey,
    },
    targets: sources.map((source) => source.target),
    urls: {
      api: service.url,
      github: world.github.gitUrl,
      github_api: world.github.apiUrl,
      s3: world.s3.endpoint,
      issuer: world.issuer.endpoint,
      organisation_repository: `${world.github.gitUrl}/acme-demo/storefront.git`,
    },
  }
}

/** Run by root, the database is not under the home but where PostgreSQL's user can reach it. */
async function removeHome(folder: string): Promise<void> {
  await removeEmbedded(join(folder, 'postgres'))
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

function breakPart(part: Break | undefined, world: DemoWorld): void {
  if (part === 'issuer') world.issuer.setFault('down')
  if (part === 'signature') world.issuer.setFault('distrust')
  if (part === 'mail') world.mailbox.setFault('reject')
}

async function collectSymptoms(client: ApiClient, scan: ScanState, plan: DemoPlan): Promise<Symptoms> {
  const state = await client.get<ScanState>(scan.url)
  const deliveries = await client.all<{ kind: string; state: string; last_status: number | null }>(
    '/v1/deliveries?per_page=100',
  )
  const wrong = plan.decoys.filter((decoy) => decoy.name === 'wrong_checksum').length
  return {
    waitingTasks: state.progress.tasks.pending,
    failedChecks: Math.max(0, state.progress.drops.check_failed ?? 0) - wrong,
    badAnswers: deliveries
      .filter((one) => one.kind === 'revoke' && one.state !== 'delivered')
      .map((one) => one.last_status),
    secondRun: null,
  }
}

async function runAgain(
  client: ApiClient,
  service: DemoService,
  world: DemoWorld,
  setup: Awaited<ReturnType<typeof setUp>>,
  progress: (line: string) => void,
): Promise<NonNullable<Symptoms['secondRun']>> {
  const count = async () => ({
    findings: (await client.all('/v1/findings?per_page=100')).length,
    webhooks: world.issuer.records().reduce((sum, one) => sum + one.deliveries.length, 0),
    mails: world.mailbox.mails().length,
  })
  const before = await count()
  await runScheduled(client, setup, progress)
  await waitUntilQuiet(client, service, world, progress)
  // A wrong second mail or webhook would come after its scan has ended.
  await sleep(500)
  const after = await count()
  return {
    findings: after.findings - before.findings,
    webhooks: after.webhooks - before.webhooks,
    mails: after.mails - before.mails,
  }
}
