/** What the demo asks of the service, over its REST API: set-up, a scheduled scan, and when it has settled. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from './client.ts'
import { bucket, organisation, plantedDetectors, searchWord } from './plan.ts'
import type { DemoService } from './service.ts'
import type { DemoWorld } from './world.ts'

export interface ScanState {
  url: string
  state: string
  schedule_id: string | null
  created_at: string
  progress: {
    tasks: { pending: number; running: number; done: number; failed: number }
    findings: number
    drops: { check_failed?: number }
  }
}

export interface Setup {
  scheduleUrl: string
  scheduleId: string
}

/** Nothing moved for this long, the waits between attempts included: what is missing will not come. */
const stalledMilliseconds = 15_000
const pollMilliseconds = 150

/** All three kinds, as an operator names them. */
export const sources = [
  { name: 'our organisation', target: `github:${organisation}`, authority: 'owned' },
  { name: 'code search', target: `github-search:${searchWord}`, authority: 'public' },
  { name: 'backups', target: `s3://${bucket}`, authority: 'owned' },
] as const

export async function setUp(client: ApiClient, world: DemoWorld): Promise<Setup> {
  const sourceIds: string[] = []
  for (const source of sources) sourceIds.push((await client.post<{ id: string }>('/v1/sources', source)).id)
  const issuer = await client.post<{ id: string; url: string }>('/v1/issuers', {
    slug: 'demo-issuer',
    name: 'Demo Issuer',
    endpoint: world.issuer.endpoint,
    status_endpoint: world.issuer.statusEndpoint,
    certificate_authority: world.issuer.certificateAuthority,
    revokes_on_receipt: true,
    types: Object.fromEntries(plantedDetectors.map((id) => [id, `demo_${id.replaceAll('-', '_')}`])),
    hourly_cap: 1_000,
  })
  await client.post(`${issuer.url}/test`, {})
  await client.patch(issuer.url, { mode: 'auto', reason: 'the demo shows automatic responses' })
  const schedule = await client.post<{ id: string; url: string }>('/v1/schedules', {
    name: 'everything',
    cron: '0 3 * * *',
    time_zone: 'UTC',
    source_ids: sourceIds,
    enabled: false,
  })
  return { scheduleUrl: schedule.url, scheduleId: schedule.id }
}

/** Sets the schedule to a time `lead` milliseconds from now, waits for its scan to begin and turns the schedule off again. */
export async function runScheduled(
  client: ApiClient,
  setup: Setup,
  progress: (line: string) => void,
  lead = 2_500,
): Promise<ScanState> {
  const scans = async (): Promise<ScanState[]> => client.all<ScanState>('/v1/scans?per_page=100')
  const before = new Set((await scans()).map((scan) => scan.url))
  const at = new Date(Date.now() + lead)
  const cron = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`
  await client.patch(setup.scheduleUrl, { cron, enabled: true })
  progress(`waiting for the schedule (${cron}, UTC)`)
  const deadline = Date.now() + lead + 40_000
  for (;;) {
    const scan = (await scans()).find((one) => !before.has(one.url) && one.schedule_id === setup.scheduleId)
    if (scan) {
      await client.patch(setup.scheduleUrl, { enabled: false })
      return scan
    }
    if (Date.now() > deadline) throw new Error('the schedule did not start a scan within 40 s')
    await sleep(pollMilliseconds)
  }
}

/** Starts a scan of all sources at once. */
export async function startScan(client: ApiClient): Promise<void> {
  const sources = await client.all<{ id: string }>('/v1/sources')
  await client.post('/v1/scans', { source_ids: sources.map((source) => source.id) })
}

interface Snapshot {
  scans: ScanState[]
  revocations: Record<string, number>
  mails: number
  unfinished: number
}

/** Returns when scans, responses and mails are through, or when nothing has moved for a while. */
export async function waitUntilQuiet(
  client: ApiClient,
  service: Pick<DemoService, 'unfinished'>,
  world: DemoWorld,
  progress: (line: string) => void,
): Promise<void> {
  let last = ''
  let movedAt = Date.now()
  for (;;) {
    const now = await look(client, service, world)
    const line = describe(now)
    if (line !== last) {
      movedAt = Date.now()
      progress(line)
    }
    last = line
    const waited = Date.now() - movedAt
    if (now.unfinished === 0 && waited > 500) {
      await world.issuer.mailed()
      return
    }
    if (waited > stalledMilliseconds) return
    await sleep(pollMilliseconds)
  }
}

async function look(
  client: ApiClient,
  service: Pick<DemoService, 'unfinished'>,
  world: DemoWorld,
): Promise<Snapshot> {
  const listed = await client.get<ScanState[]>('/v1/scans?per_page=2')
  const scans: ScanState[] = []
  for (const scan of listed) scans.push(await client.get<ScanState>(scan.url))
  const revocations: Record<string, number> = {}
  for (const { status } of await client.all<{ status: string }>('/v1/revocations?per_page=100')) {
    revocations[status] = (revocations[status] ?? 0) + 1
  }
  const mails = world.mailbox.mails().length
  return { scans, revocations, mails, unfinished: await service.unfinished() }
}

function describe({ scans, revocations, mails }: Snapshot): string {
  const { tasks } = scans[0]?.progress ?? { tasks: { done: 0, pending: 0, running: 0 } }
  const states = Object.entries(revocations).map(([state, count]) => `${count} ${state.replaceAll('_', ' ')}`)
  return [
    `tasks ${tasks.done} of ${tasks.done + tasks.pending + tasks.running}`,
    `findings ${scans.reduce((sum, scan) => sum + scan.progress.findings, 0)}`,
    ...(states.length > 0 ? [`responses ${states.join(', ')}`] : []),
    `mails ${mails}`,
  ].join(' · ')
}
