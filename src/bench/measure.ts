/**
 * Runs one program and measures it from outside, the same way for ours and for others: wall time, processor time of
 * all its processes (`times` of the shell that waits for it) and peak memory (from `/proc`, where there is one).
 */
import { spawn } from 'node:child_process'
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../model/errors.ts'
import { watchMemory } from './watch-memory.ts'

export interface MeasuredCommand {
  /** For messages: `ripgrep`. */
  name: string
  command: string
  args: readonly string[]
  cwd?: string
  env?: Readonly<Record<string, string>>
  /** Processors it may use; all where null or where `taskset` is missing. */
  cores: readonly number[] | null
  /** Exit statuses that mean it did its work. */
  statuses: readonly number[]
  /** File for its standard output; dropped where absent. */
  output?: string
  /** Killed after so many seconds, which then count as its time. Default: no bound. */
  limit?: number
}

export interface Measured {
  seconds: number
  /** User and system time of all its processes; null where it cannot be told. */
  cpu_seconds: number | null
  /** Most memory resident at a time, of all its processes together; null where there is no `/proc`. */
  peak_bytes: number | null
  /** It was killed at its limit: it takes longer than this. */
  stopped?: true
}

/** Waits for the program and says on its fourth stream what its processes used. */
const script = '"$@"; status=$?; times >&3; exit $status'
const keptOutput = 4096

/** @throws AppError `unavailable` where the program fails: a time without the work is none */
export async function measure(command: MeasuredCommand, signal: AbortSignal): Promise<Measured> {
  const output = await open(command.output ?? '/dev/null', 'w')
  try {
    return await run(command, output, signal)
  } finally {
    await output.close()
  }
}

async function run(command: MeasuredCommand, output: FileHandle, signal: AbortSignal): Promise<Measured> {
  const pinned = command.cores === null ? [] : ['taskset', '-c', command.cores.join(',')]
  const started = performance.now()
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...pinned, command.command, ...command.args], {
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: { ...process.env, ...command.env },
    stdio: ['ignore', output.fd, 'pipe', 'pipe'],
    detached: true,
  })
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  signal.addEventListener('abort', kill)
  let stopped = false
  const stop = (): void => {
    stopped = true
    kill()
  }
  const timer = command.limit === undefined ? undefined : setTimeout(stop, command.limit * 1000)
  const memory = child.pid === undefined ? null : watchMemory(child.pid)
  let ended = 0
  let said = ''
  let times = ''
  child.stderr?.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-keptOutput)))
  child.stdio[3]?.on('data', (piece: Buffer) => (times += piece.toString()))
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', () => (ended = performance.now()))
      child.on('close', resolve)
    })
    signal.throwIfAborted()
    if (stopped)
      return {
        seconds: (ended - started) / 1000,
        cpu_seconds: null,
        peak_bytes: memory?.stop() ?? null,
        stopped,
      }
    if (status === null || !command.statuses.includes(status)) {
      throw new AppError(
        'unavailable',
        `${command.name} ended with status ${status}: ${said.trim().slice(-300)}`,
      )
    }
    return {
      seconds: (ended - started) / 1000,
      cpu_seconds: readTimes(times),
      peak_bytes: memory?.stop() ?? null,
    }
  } finally {
    clearTimeout(timer)
    memory?.stop()
    signal.removeEventListener('abort', kill)
  }
}

/** The second line is of what the shell has waited for: `0m1.20s 0m0.31s`. */
function readTimes(text: string): number | null {
  const [user, system] = text.trim().split('\n')[1]?.split(/\s+/).map(readTime) ?? []
  return user === undefined || system === undefined ? null : user + system
}

function readTime(text: string): number {
  const [, minutes = '0', seconds = '0'] = /^(\d+)m([\d.]+)s$/.exec(text) ?? []
  return Number(minutes) * 60 + Number(seconds)
}
