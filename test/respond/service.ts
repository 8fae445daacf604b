/**
 * The response on real parts, for tests: a database, an issuer over TLS, a mailbox, and in place of the queue a loop
 * that takes rows from the outbox until nothing is due soon.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '../../src/base/log.ts'
import { createMetrics } from '../../src/base/metrics.ts'
import { createOutbound } from '../../src/base/outbound.ts'
import { deriveKeys } from '../../src/base/service-key.ts'
import { recordHits } from '../../src/findings/record.ts'
import type { Place } from '../../src/model/blob.ts'
import type { Hit } from '../../src/model/hit.ts'
import type { JobName } from '../../src/model/jobs.ts'
import { Secret } from '../../src/model/secret.ts'
import { confirmResponse } from '../../src/respond/confirm.ts'
import { deliver } from '../../src/respond/deliver.ts'
import type { RespondDeps } from '../../src/respond/deps.ts'
import { collectNotices } from '../../src/respond/notify/collect.ts'
import { createMailer } from '../../src/respond/notify/mailer.ts'
import { notifyFinding } from '../../src/respond/notify/notify.ts'
import { sendMail } from '../../src/respond/notify/send.ts'
import { planResponse } from '../../src/respond/plan.ts'
import { publicKeyListing } from '../../src/respond/revoke/keys.ts'
import { createIssuer, type IssuerFields, setIssuerProven } from '../../src/store/issuers.ts'
import { markSent, nextRunAt, type OutboxRow, unsent } from '../../src/store/outbox.ts'
import { createScan } from '../../src/store/scans.ts'
import { createSource } from '../../src/store/sources.ts'
import { type CapturedRequest, startIssuer } from '../support/issuer.ts'
import { startMailbox } from '../support/mailbox.ts'
import { testDatabase } from '../support/postgres.ts'

export const detector = 'acme-key'
export const type = 'acme_key'

export interface Leak {
  token: string
  places?: Partial<Place>[]
  hit?: Partial<Hit>
}

export type Service = Awaited<ReturnType<typeof startService>>

export async function startService(changes: Partial<RespondDeps> = {}) {
  const database = await testDatabase()
  const { db } = database
  const keys = deriveKeys(randomBytes(32), 1)
  const requests: CapturedRequest[] = []
  const mailbox = await startMailbox()
  const issuer = await startIssuer({
    keys: await publicKeyListing(db, keys),
    onRequest: (request) => requests.push(request),
  })
  const outbound = createOutbound({ allowPrivateHosts: [issuer.host], headersTimeout: 300 })
  const mailer = createMailer({ smtpUrl: mailbox.url, from: 'keyrecall <keyrecall@acme.example>' })
  const lines: string[] = []
  const deps: RespondDeps = {
    keys,
    outbound,
    log: createLog({ level: 'trace', destination: { write: (line) => void lines.push(line) } }),
    metrics: createMetrics(),
    detectors: [{ id: detector }],
    mailer,
    owners: { directory: [], ownerDomains: ['acme.example'], securityTeam: 'security@acme.example' },
    deliveryDelays: [0, 0.02, 0.02],
    confirmDelays: [0.02, 0.04],
    noticeMaxWait: 900,
    now: Date.now,
    random: () => 0.5,
    ...changes,
  }
  const source = await createSource(
    db,
    { name: 'acme', target: 'github:acme', firstTask: { kind: 'path', path: '/' }, authority: 'owned' },
    'test',
  )

  async function addIssuer(fields: Partial<IssuerFields> = {}, proven = true) {
    const row = await createIssuer(
      db,
      {
        slug: 'acme',
        name: 'Acme',
        endpoint: issuer.endpoint,
        certificateAuthority: issuer.certificateAuthority,
        types: { [detector]: type },
        mode: 'auto',
        revokesOnReceipt: true,
        ...fields,
      },
      'test',
    )
    if (proven) await setIssuerProven(db, row.id, issuer.endpoint, 'test')
    return row
  }

  /** A scan that met these leaks and is over. */
  async function leak(...leaks: Leak[]): Promise<string[]> {
    const task = { sourceId: source.id, task: { kind: 'path' as const, path: '/' } }
    const scan = await createScan(db, { startedBy: 'test', firstTasks: [task] })
    const found = leaks.map(({ token, places, hit }) => ({
      hit: makeHit(token, hit),
      places: (places ?? [{}]).map(makePlace),
    }))
    const { newFindings } = await recordHits(db, { keys }, { scanId: scan.id, sourceId: source.id, found })
    await db.updateTable('scan').set({ state: 'complete' }).where('id', '=', scan.id).execute()
    await db.deleteFrom('outbox').where('job', '=', 'path').execute()
    return newFindings
  }

  /** Runs jobs until none is due within two seconds; gives the names of those it ran. */
  async function drain(): Promise<JobName[]> {
    const ran: JobName[] = []
    for (;;) {
      const rows = await unsent(db, 100)
      for (const row of rows) {
        await run(row)
        await markSent(db, [row.id])
        ran.push(row.job)
      }
      if (rows.length > 0) continue
      const next = await nextRunAt(db)
      if (next === null || next.getTime() > Date.now() + 2000) return ran
      await sleep(10)
    }
  }

  async function run({ job, payload }: OutboxRow): Promise<void> {
    const id = (name: string) => payload[name] ?? ''
    if (job === 'plan-response') return planResponse(db, deps, id('findingId'))
    if (job === 'deliver') return deliver(db, deps, id('deliveryId'))
    if (job === 'confirm') return confirmResponse(db, deps, id('responseId'))
    if (job === 'notify') return notifyFinding(db, deps, id('findingId'))
    if (job === 'collect-notices') return collectNotices(db, deps)
    if (job === 'send-mail') return sendMail(db, deps, id('mailId'))
    throw new Error(`nobody expected the job ${job}`)
  }

  async function close(): Promise<void> {
    mailer.close()
    await outbound.close()
    await issuer.close()
    await mailbox.close()
    await database.drop()
  }

  const finding = (id: string | undefined) =>
    db
      .selectFrom('finding')
      .selectAll()
      .where('id', '=', id ?? '')
      .executeTakeFirstOrThrow()
  const responses = () => db.selectFrom('response').selectAll().orderBy('createdAt').execute()
  const deliveries = () => db.selectFrom('delivery').selectAll().orderBy('createdAt').execute()
  return {
    db,
    deps,
    issuer,
    mailbox,
    requests,
    lines,
    addIssuer,
    leak,
    drain,
    close,
    finding,
    responses,
    deliveries,
  }
}

export function makeToken(name: string): string {
  return ['acme', 'made', 'up', name].join('_')
}

function makeHit(token: string, changes: Partial<Hit> = {}): Hit {
  return {
    detector,
    issuer: 'Acme',
    kind: 'API key',
    secret: new Secret(Buffer.from(token), detector),
    redacted: 'acme…',
    check: 'checksum',
    checkPassed: true,
    checkBits: 32,
    confidence: 'high',
    label: null,
    facts: {},
    span: { start_line: 1, start_column: 1, end_line: 1, end_column: 9, byte_start: 0, byte_end: 8 },
    decoding: [],
    ...changes,
  }
}

function makePlace(changes: Partial<Place>): Place {
  return {
    type: 'commit',
    path: 'src/config.ts',
    repository: 'acme/web',
    commit_sha: 'c'.repeat(40),
    author_email: 'dana@acme.example',
    public: true,
    ...changes,
  }
}
