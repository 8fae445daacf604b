/**
 * The wiring of `keyrecall serve`: builds the parts by hand, starts the roles asked for, and ends them in the
 * opposite order. Every role needs the database and the queue; the rest belongs to one role each.
 */
import { hostname } from 'node:os'
import { createApi } from '../api/app.ts'
import { ensureFirstToken } from '../api/auth/mint-token.ts'
import { listenApi } from '../api/listen.ts'
import { openHome } from '../base/home.ts'
import { createLog, type Log } from '../base/log.ts'
import { createMetrics, type Metrics } from '../base/metrics.ts'
import { deriveKeys, type ServiceKeys } from '../base/service-key.ts'
import { type Config, secretsOf } from '../config/config.ts'
import type { Detector } from '../model/detector.ts'
import { AppError } from '../model/errors.ts'
import type { QueueName } from '../model/jobs.ts'
import { openQueues, type QueueBackend, waitingJobs } from '../queue/backend.ts'
import { createHandlers } from '../queue/handlers.ts'
import { startRelay } from '../queue/relay.ts'
import { keepUp, syncSchedules } from '../queue/schedules.ts'
import { startWorkers } from '../queue/workers.ts'
import { approve, reject } from '../respond/plan.ts'
import { proveEndpoint } from '../respond/prove.ts'
import { detectorFileNames, loadDetectors, readDetectorFiles } from '../scan/custom/load-detectors.ts'
import { createEngine } from '../scan/engine.ts'
import type { Db, PoolSettings } from '../store/database.ts'
import { purge } from '../store/purge.ts'
import { recover } from '../store/recover.ts'
import { checkServiceKey } from '../store/service-key-check.ts'
import { openConnection } from './connection.ts'
import { createServiceRespond, type ServiceRespond } from './respond.ts'
import { createServiceSources } from './sources.ts'

export const roles = ['api', 'worker', 'scheduler'] as const
export type Role = (typeof roles)[number]

export interface ServiceOptions {
  config: Config
  roles: ReadonlySet<Role>
  version: string
  /** Queues this worker serves; default all. */
  queues?: readonly QueueName[]
  log?: Log
}

export interface Service {
  /** Where the API listens; null without that role. */
  url: string | null
  /** The first admin token, given once, when there was none; null otherwise. */
  firstToken: string | null
  db: Db
  keys: ServiceKeys
  stop(): Promise<void>
}

/** What each role is given. */
interface Parts {
  config: Config
  version: string
  /** Folder for what this machine keeps. */
  home: string
  /** The built-in ones and those of the configuration. */
  detectors: readonly Detector[]
  log: Log
  metrics: Metrics
  db: Db
  connection: PoolSettings
  keys: ServiceKeys
  queues: QueueBackend
  respond: ServiceRespond
  ending: Ending
}

/** How parts are ended: last started, first ended. */
type Ending = (() => Promise<unknown>)[]

export async function startService(options: ServiceOptions): Promise<Service> {
  const ending: Ending = []
  const stop = async (): Promise<void> => {
    for (const end of ending.splice(0).reverse()) await end()
  }
  try {
    const parts = await openParts(options, ending)
    if (options.roles.has('scheduler')) startScheduler(parts)
    if (options.roles.has('worker')) startWorker(parts, options.queues)
    if (options.roles.has('worker') || options.roles.has('scheduler')) {
      const relay = await startRelay(parts)
      ending.push(() => relay.stop())
    }
    const api = options.roles.has('api') ? await startApi(parts) : { url: null, firstToken: null }
    return { ...api, db: parts.db, keys: parts.keys, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function openParts(options: ServiceOptions, ending: Ending): Promise<Parts> {
  const { config } = options
  const detectors = await loadDetectors(await readDetectorFiles(detectorFileNames(config.detectorsFile)))
  const home = await openHome(config.home)
  const log = options.log ?? createLog({ level: config.logLevel, scrub: secretsOf(config) })
  const opened = await openConnection(config, home.dir, log)
  ending.push(() => opened.close())
  const { db, settings: connection } = opened
  const keys = deriveKeys(config.serviceKey ?? (await home.localKey()), 1)
  await checkServiceKey(db, keys)
  const queues = await openQueues(
    config.redisUrl ? { redisUrl: config.redisUrl } : { postgres: connection },
    log,
  )
  ending.push(() => queues.close())
  const metrics = createMetrics()
  const respond = await createServiceRespond({ config, detectors, log, metrics, keys })
  ending.push(() => respond.close())
  return {
    config,
    version: options.version,
    home: home.dir,
    detectors,
    log,
    metrics,
    db,
    connection,
    keys,
    queues,
    respond,
    ending,
  }
}

function startScheduler({ config, log, db, queues, ending }: Parts): void {
  const seconds = config.recoverSeconds
  const options = { everySeconds: seconds * 2, waiting: (name: QueueName) => waitingJobs(queues, name) }
  const upkeep = [
    keepUp('schedules', 1_000, () => syncSchedules({ db, queues }), log),
    keepUp('recover', seconds * 1_000, () => recover(db, options), log),
    keepUp('purge', 600_000, () => purge(db), log),
  ]
  ending.push(() => Promise.all(upkeep.map((one) => one.stop())))
}

function startWorker(parts: Parts, queueNames: readonly QueueName[] | undefined): void {
  const { config, detectors, log, db, keys, metrics, queues, respond, ending } = parts
  const worker = `${hostname()}-${process.pid}`
  const sources = createServiceSources(config, parts.home, log, parts.version)
  ending.push(() => sources.close())
  const handlers = createHandlers({
    task: {
      db,
      keys,
      // What is watched was written by others, who could allow themselves what they leaked.
      engine: createEngine(detectors, { heedComments: false }),
      metrics,
      sources,
      log,
      worker,
      leaseMilliseconds: config.leaseSeconds * 1_000,
    },
    respond: respond.deps,
  })
  const workers = startWorkers(queues, handlers, {
    name: worker,
    scanConcurrency: config.workerConcurrency,
    ...(queueNames ? { only: queueNames } : {}),
  })
  ending.push(() => workers.stop())
}

async function startApi(parts: Parts): Promise<Pick<Service, 'url' | 'firstToken'>> {
  const { config, detectors, log, db, keys, metrics, version, respond, ending } = parts
  const app = await createApi({
    db,
    keys,
    log,
    metrics,
    version,
    detectors,
    approve: (id, actor, reason) => approve(db, respond.deps, id, actor, reason),
    reject: (id, actor, reason) => reject(db, id, actor, reason),
    proveEndpoint: (id, actor) => proveEndpoint(db, respond.deps, id, actor),
  })
  const listening = await listenApi(app, config.listen)
  ending.push(() => listening.close())
  // Last, since it is told once: a start that fails before (the port is taken) must not use it up.
  return { url: listening.url, firstToken: await ensureFirstToken(db) }
}

/** Reads the roles of `--role`; all of them when none is named. `AppError` (usage, config). */
export function chooseRoles(named: readonly string[], config: Config): ReadonlySet<Role> {
  const unknown = named.find((name) => !roles.some((role) => role === name))
  if (unknown !== undefined) {
    throw new AppError('usage', `there is no role "${unknown}"; the roles are ${roles.join(', ')}`)
  }
  if (named.length > 0 && named.length < roles.length && !config.databaseUrl) {
    throw new AppError('config', 'a single role shares its database with others: set DATABASE_URL')
  }
  return new Set(named.length > 0 ? (named as Role[]) : roles)
}
