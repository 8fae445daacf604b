/** `keyrecall serve` as a process of its own, from the build, so that it can be killed like one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { CrashPoint } from '../../src/base/crash-point.ts'
import type { PoolSettings } from '../../src/store/database.ts'

export interface ServiceProcess {
  readonly pid: number
  /** Where the API listens; null without that role. */
  readonly url: string | null
  /** The first admin token, when this process made it. */
  readonly token: string | null
  /** All that was logged so far. */
  log(): string
  /** SIGKILL, as a machine that is gone. */
  kill(): Promise<void>
  /** SIGTERM: the process drains and ends; gives its exit code. */
  stop(): Promise<number | null>
  /** Resolves with the signal or code the process ended with. */
  ended: Promise<string>
}

export interface ServiceProcessOptions {
  roles?: readonly string[]
  env: Readonly<Record<string, string>>
  /** Where it kills itself: `name` or `name#n`. */
  crashAt?: CrashPoint | `${CrashPoint}#${number}`
}

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

/** Starts it and waits until it serves; a process that ends before is an error with its log. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const roles = (options.roles ?? []).flatMap((role) => ['--role', role])
  const child = spawn(process.execPath, [main, 'serve', ...roles], {
    env: {
      PATH: process.env['PATH'] ?? '',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...options.env,
      LOG_LEVEL: 'info',
      ...(options.crashAt ? { KEYRECALL_CRASH_AT: options.crashAt } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? code))
  const started = await waitForStart(child, output, ended).catch(
    async (error: unknown): Promise<{ url?: string }> => {
      // With work waiting it may reach the place where it kills itself before it says that it serves.
      if (options.crashAt && (await ended) === 'SIGKILL') return {}
      throw error
    },
  )
  const token = /kr_pat_[0-9A-Za-z]+/.exec(output.join('\n'))?.[0] ?? null
  return {
    pid: child.pid ?? 0,
    url: started.url ?? null,
    token,
    log: () => output.join('\n'),
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
  }
}

function waitForStart(
  child: ChildProcess,
  output: string[],
  ended: Promise<string>,
): Promise<{ url?: string }> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line)
        if (!line.startsWith('{')) return
        const entry = JSON.parse(line) as { msg?: string; url?: string }
        // The token is printed after this line, in the same breath.
        if (entry.msg === 'service started') setTimeout(() => resolve(entry), 50)
      })
    }
    ended.then(
      (how) => reject(new Error(`the service ended with ${how} before it served:\n${output.join('\n')}`)),
      reject,
    )
  })
}

/** A database of the tests as `DATABASE_URL`; its host is the folder of a socket. */
export function databaseUrl(settings: PoolSettings): string {
  const { user = '', password = '', host = '', port = 5432, database = '' } = settings
  return `postgres://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/${database}`
}
