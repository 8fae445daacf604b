/** Starting one postmaster and ending one, by hand: `pg_ctl` would add nothing but another process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../model/errors.ts'
import type { PostgresBinaries } from './binaries.ts'
import { identity, serverEnvironment } from './cluster.ts'
import type { Layout } from './layout.ts'
import { findPostmaster, type Postmaster } from './postmaster-pid.ts'
import { isPostmasterOf } from './processes.ts'
import type { RunAs } from './run-as.ts'
import { socketPort } from './socket-dir.ts'

export interface StartOptions {
  binaries: PostgresBinaries
  layout: Layout
  runAs: RunAs
  socketDir: string
  /** More `name=value` settings. */
  settings?: readonly string[]
}

const startSeconds = 120
const fastStopSeconds = 30
const immediateStopSeconds = 10

/** Starts the server and waits until it accepts connections, also when it has to recover from a crash first. */
export async function startPostmaster(
  options: StartOptions,
): Promise<{ child: ChildProcess; postmaster: Postmaster }> {
  const { layout, runAs, binaries } = options
  // A file, not a pipe: the server may outlive us.
  const log = await open(layout.logFile, 'w', 0o600)
  let child: ChildProcess
  let failure: Error | null = null
  try {
    child = spawn(join(binaries.bin, 'postgres'), serverArguments(options), {
      ...identity(runAs),
      cwd: '/',
      env: serverEnvironment,
      // A session of its own: Ctrl-C at the terminal is for us, and we end the server last.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.once('error', (error) => {
      failure = error
    })
    child.unref()
  } finally {
    await log.close()
  }
  const deadline = Date.now() + startSeconds * 1000
  while (Date.now() < deadline) {
    const postmaster = await findPostmaster(layout.data)
    if (postmaster?.ready && postmaster.pid === child.pid) return { child, postmaster }
    if (failure !== null || child.exitCode !== null || child.signalCode !== null) break
    await sleep(10)
  }
  child.kill('SIGQUIT')
  throw new AppError('unavailable', `PostgreSQL did not start on "${layout.data}"; see "${layout.logFile}"`, {
    cause: failure ?? new Error((await readFile(layout.logFile, 'utf8').catch(() => '')).slice(-4000)),
    retryable: true,
  })
}

function serverArguments({ layout, socketDir, settings }: StartOptions): string[] {
  const all = [
    'listen_addresses=',
    `unix_socket_directories=${socketDir.replaceAll('"', '""')}`,
    'unix_socket_permissions=0700',
    `port=${socketPort}`,
    'max_connections=100',
    'shared_buffers=64MB',
    // Neither statements nor their errors, which quote values, go to the log.
    'log_min_messages=log',
    'log_min_error_statement=panic',
    ...(settings ?? []),
  ]
  return ['-D', layout.data, ...all.flatMap((setting) => ['-c', setting])]
}

/**
 * Ends the server `pid` of `dataDir`, whoever started it: sessions are ended and data is written (SIGINT); if that
 * takes too long it goes at once and recovers at its next start (SIGQUIT).
 */
export async function stopPostmaster(pid: number, dataDir: string): Promise<void> {
  for (const [signal, seconds] of [
    ['SIGINT', fastStopSeconds],
    ['SIGQUIT', immediateStopSeconds],
    ['SIGKILL', immediateStopSeconds],
  ] as const) {
    if (!(await isPostmasterOf(pid, dataDir))) return
    kill(pid, signal)
    const deadline = Date.now() + seconds * 1000
    while (Date.now() < deadline) {
      if (!(await isPostmasterOf(pid, dataDir))) return
      await sleep(10)
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
