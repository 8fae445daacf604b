/**
 * A real PostgreSQL of our own, without an installation: on a Unix socket only, with a password. Each data folder has
 * one server and that has one owner, the process that made the folder's owner file. The owner starts the server,
 * starts it again when it dies, and ends it. Others attach: they use it and leave it running. A server left behind by
 * an owner that was killed is adopted by the next to come, whose `stop` then ends it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import { AppError } from '../../model/errors.ts'
import type { PoolSettings } from '../pool.ts'
import { findBinaries, type PostgresBinaries } from './binaries.ts'
import { databaseUser, prepareCluster, readPassword } from './cluster.ts'
import { type Layout, layOut } from './layout.ts'
import { dropOwnership, takeOwnership } from './owner.ts'
import { findPostmaster } from './postmaster-pid.ts'
import { chooseUser, type RunAs } from './run-as.ts'
import { keepRunning } from './supervise.ts'

export { removeEmbedded } from './layout.ts'

export interface EmbeddedOptions {
  /** Made when missing. Beside it go `.password` (0600), `.owner`, `.log` and, where the path is short, `.run`. */
  dataDir: string
  log: Log
  /** Other programs than the package's; for tests. */
  binaries?: PostgresBinaries
  /** More `name=value` settings of the server. */
  settings?: readonly string[]
  /** False: do not wait for the disk; for tests. */
  sync?: boolean
}

export interface EmbeddedPostgres {
  /** Database `postgres`, as its superuser. */
  pool: PoolSettings
  /** Another process owns the server: `stop` leaves it running. */
  attached: boolean
  /** Where the data really is; differs from what was asked when root runs us. */
  dataDir: string
  /** End all pools first: open sessions are cut off. */
  stop(): Promise<void>
}

const waitSeconds = 120

/** `AppError`: config when something about folder, user or programs is wrong; unavailable when it does not start. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const runAs = await chooseUser()
  const layout = await layOut(options.dataDir, runAs)
  const deadline = Date.now() + waitSeconds * 1000
  while (Date.now() < deadline) {
    if (await takeOwnership(layout.ownerFile)) return own(options, layout, runAs)
    const running = await findPostmaster(layout.data)
    if (running?.ready && running.socketDir) return attach(layout, running.socketDir)
    // Its owner is still starting it, or ends it and then we own it.
    await sleep(50)
  }
  throw new AppError(
    'unavailable',
    `another process holds "${layout.ownerFile}" and its database does not start`,
    {
      retryable: true,
    },
  )
}

async function attach(layout: Layout, socketDir: string): Promise<EmbeddedPostgres> {
  return {
    pool: poolSettings(socketDir, await readPassword(layout)),
    attached: true,
    dataDir: layout.data,
    stop: async () => {},
  }
}

async function own(options: EmbeddedOptions, layout: Layout, runAs: RunAs): Promise<EmbeddedPostgres> {
  try {
    const binaries = options.binaries ?? (await findBinaries(runAs, layout.stagingDir))
    const password = await prepareCluster({ binaries, layout, runAs, sync: options.sync ?? true })
    const server = await keepRunning({
      binaries,
      layout,
      runAs,
      log: options.log,
      settings: options.settings ?? [],
    })
    return {
      pool: poolSettings(server.socketDir, password),
      attached: false,
      dataDir: layout.data,
      async stop() {
        await server.stop()
        await dropOwnership(layout.ownerFile)
      },
    }
  } catch (error) {
    await dropOwnership(layout.ownerFile)
    throw error
  }
}

function poolSettings(socketDir: string, password: string): PoolSettings {
  return { host: socketDir, port: 5432, user: databaseUser, password, database: 'postgres' }
}
