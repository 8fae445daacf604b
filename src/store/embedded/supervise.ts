/**
 * Keeps one server running on a data folder that we own: adopts the one that is there or starts one, and starts it
 * again when it dies without being asked to (killed, out of memory), on the same socket, so that pools reconnect.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import type { PostgresBinaries } from './binaries.ts'
import type { Layout } from './layout.ts'
import { startPostmaster, stopPostmaster } from './postmaster.ts'
import { findPostmaster, removeMisleadingPidFile } from './postmaster-pid.ts'
import { isPostmasterOf } from './processes.ts'
import type { RunAs } from './run-as.ts'
import { makeSocketDir, removeSocketDir } from './socket-dir.ts'

export interface SuperviseOptions {
  binaries: PostgresBinaries
  layout: Layout
  runAs: RunAs
  log: Log
  settings: readonly string[]
}

export interface Server {
  socketDir: string
  stop(): Promise<void>
}

/** How often a living server is looked at, in milliseconds. */
const lookEvery = 100
const longestPause = 5_000

export async function keepRunning(options: SuperviseOptions): Promise<Server> {
  const { layout, log } = options
  const stopping = new AbortController()
  const adopted = await findPostmaster(layout.data)
  const socketDir = adopted?.socketDir ?? (await makeSocketDir(layout.socketDir, options.runAs))
  let pid: number
  if (adopted) {
    pid = adopted.pid
    await untilReady(layout.data, pid)
    log.info({ pid }, 'running database adopted')
  } else {
    pid = await start()
    log.info({ pid }, 'database started')
  }
  const watching = watch()
  return {
    socketDir,
    async stop() {
      stopping.abort()
      await watching
      await stopPostmaster(pid, layout.data)
      await removeSocketDir(socketDir, layout.socketDir)
      log.info({ pid }, 'database stopped')
    },
  }

  async function start(): Promise<number> {
    await removeMisleadingPidFile(layout.data)
    return (await startPostmaster({ ...options, socketDir })).postmaster.pid
  }

  async function watch(): Promise<void> {
    let pause = lookEvery
    while (!stopping.signal.aborted) {
      await sleep(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
      if (stopping.signal.aborted || (await isPostmasterOf(pid, layout.data))) continue
      try {
        pid = await start()
        pause = lookEvery
        log.warn({ pid }, 'database had died and was started again')
      } catch (error) {
        // The dead server's children may still be going; then the memory it shared is still in use.
        pause = Math.min(pause * 2, longestPause)
        log.warn({ err: error }, 'database could not be started again yet')
      }
    }
  }
}

/** An adopted server may still be recovering. */
async function untilReady(dataDir: string, pid: number): Promise<void> {
  for (;;) {
    const now = await findPostmaster(dataDir)
    if (now?.pid !== pid || now.ready) return
    await sleep(20)
  }
}
