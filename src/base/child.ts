/**
 * Bounded child processes. Each runs without a shell, in a process group of its own, with only the environment
 * it is given; past its time, on abort or when told to, the whole group is killed, grandchildren with it.
 * Errors say what was being done and how it ended, never the command line, the environment or the output:
 * those can hold addresses, paths and credentials of others.
 */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Duplex, Readable, Writable } from 'node:stream'
import { AppError } from '../model/errors.ts'

/** Bytes of standard error kept, the last ones: enough to tell failures apart. */
const maxStderr = 16 * 1024

export interface ChildOptions {
  /** What is being done, as it reads in a message: `clone the repository`. */
  phase: string
  /** Program by name or path; no shell sees it. */
  command: string
  args: readonly string[]
  /** The whole environment of the child; nothing is inherited. */
  env: Readonly<Record<string, string>>
  cwd: string
  signal: AbortSignal
  /** Milliseconds it may run. Default: no bound but the signal. */
  timeoutMs?: number
  /** Tells known failures apart by what the child wrote to standard error. Its answer must not quote it. */
  explain?: (stderr: string) => AppError | null
  /**
   * Answers what comes over descriptor 3, which the child and its children have: given all that came since the last
   * answer; null where it is not yet whole.
   */
  answer?: (question: string) => string | null
}

export interface Child {
  pid: number | undefined
  stdin: Writable
  stdout: Readable
  /**
   * Settles once the process is gone and its output is read: resolves after status 0, rejects with an
   * `AppError` of code `git_failed`, `timeout` or what `explain` or `fail` said. Output that nobody reads
   * keeps it open; `stop` and `fail` drop that output.
   */
  done: Promise<void>
  /** The end of standard error so far. For telling failures apart; not for logs or messages. */
  stderr(): string
  /** Kills the group and has `done`, and a reader of `stdout`, end with this error. */
  fail(error: AppError): void
  /** Kills the group because its output is not wanted any more. Resolves when it is gone; never rejects. */
  stop(): Promise<void>
}

/** Starts a child for reading its output as it comes. */
export function startChild(options: ChildOptions): Child {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    shell: false,
    stdio: ['pipe', 'pipe', 'pipe', options.answer ? 'pipe' : 'ignore'],
    windowsHide: true,
  }) as ChildProcessByStdio<Writable, Readable, Readable>
  if (options.answer) answerOn(child.stdio[3] as Duplex | null, options.answer)
  let failure: AppError | null = null
  let stderr = Buffer.alloc(0)
  const { stdin, stdout } = child
  // A child that ends early breaks the pipe; how it ended says more than EPIPE does.
  stdin.on('error', ignore)
  stdout.on('error', ignore)
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-maxStderr)
  })

  function fail(error: AppError): void {
    failure ??= error
    killGroup(child)
    stdin.destroy()
    stdout.destroy(failure)
  }
  function aborted(): void {
    fail(abortError(options))
  }

  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => fail(timeoutError(options)), options.timeoutMs)
  options.signal.addEventListener('abort', aborted, { once: true })
  const done = new Promise<void>((resolve, reject) => {
    let startError: Error | null = null
    child.on('error', (error) => {
      startError = error
    })
    // Helpers of a leader that is gone must not live on; ESRCH says there were none.
    child.on('exit', () => killGroup(child))
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      options.signal.removeEventListener('abort', aborted)
      if (failure) reject(failure)
      else if (startError) reject(startFailure(options, startError))
      else if (status === 0) resolve()
      else reject(options.explain?.(stderr.toString('utf8')) ?? endError(options, status, signal))
    })
  })
  // It may reject long before somebody asks.
  done.catch(ignore)
  if (options.signal.aborted) aborted()

  return {
    pid: child.pid,
    stdin,
    stdout,
    done,
    stderr: () => stderr.toString('utf8'),
    fail,
    async stop() {
      fail(new AppError('git_failed', `stopped: ${options.phase}`))
      await done.catch(ignore)
    },
  }
}

/**
 * Runs a child to its end and gives back its standard output.
 * @param options.maxOutput bytes of standard output allowed; past it the group is killed and `too_large` thrown
 * @param options.input what it reads on standard input; default: nothing
 */
export async function runChild(
  options: ChildOptions & { maxOutput: number; input?: string | Uint8Array },
): Promise<Buffer> {
  const child = startChild(options)
  child.stdin.end(options.input)
  const chunks: Buffer[] = []
  let size = 0
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > options.maxOutput) {
      child.fail(
        new AppError('too_large', `could not ${options.phase}: it said more than ${options.maxOutput} bytes`),
      )
    } else chunks.push(chunk)
  })
  await child.done
  return Buffer.concat(chunks)
}

/** Writes to a child's standard input; waits while the pipe is full, and no longer than the child lives. */
export async function writeWhileOpen(stdin: Writable, text: string): Promise<void> {
  if (stdin.destroyed || stdin.write(text)) return
  await new Promise<void>((resolve) => {
    function done(): void {
      stdin.off('drain', done)
      stdin.off('close', done)
      resolve()
    }
    stdin.on('drain', done)
    stdin.on('close', done)
  })
}

function answerOn(channel: Duplex | null, answer: NonNullable<ChildOptions['answer']>): void {
  let question = ''
  channel?.on('error', ignore)
  channel?.setEncoding('utf8').on('data', (text: string) => {
    question += text
    const reply = answer(question)
    if (reply === null) return
    question = ''
    channel.write(reply)
  })
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

function abortError(options: ChildOptions): AppError {
  const reason: unknown = options.signal.reason
  if (reason instanceof AppError) return reason
  return new AppError('timeout', `stopped before it could ${options.phase}`, { retryable: true })
}

function timeoutError(options: ChildOptions): AppError {
  const seconds = Math.round((options.timeoutMs ?? 0) / 1000)
  return new AppError('timeout', `could not ${options.phase} within ${seconds} s`, { retryable: true })
}

function startFailure(options: ChildOptions, error: Error): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
  const advice = code === 'ENOENT' ? '; is the program installed and in PATH?' : ''
  return new AppError('git_failed', `could not ${options.phase}: could not be started (${code})${advice}`)
}

function endError(options: ChildOptions, status: number | null, signal: NodeJS.Signals | null): AppError {
  const end = signal === null ? `exit status ${status}` : `killed by ${signal}`
  return new AppError('git_failed', `could not ${options.phase} (${end})`, { retryable: signal !== null })
}

function ignore(): void {
  // Told elsewhere.
}
