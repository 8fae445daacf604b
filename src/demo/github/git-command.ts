/**
 * Git as the demo's GitHub uses it: no shell, no configuration of the machine's or the user's, bounded in time
 * and output. The names that reach it are checked by the routes or stand behind `--`.
 */
import { spawn } from 'node:child_process'

const timeout = 20_000
const maxOutput = 64 * 1024 ** 2

/** @param home an empty folder that stands in for the user's own */
export function gitEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    LANG: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
  }
}

class GitExit extends Error {
  override readonly name = 'GitExit'
  readonly status: number | null

  constructor(status: number | null, detail: string) {
    super(`git ended with ${status ?? 'a signal'}: ${detail.slice(0, 500)}`)
    this.status = status
  }
}

/** Standard output of `git args`; rejects with `GitExit` on any other status than 0. */
export function git(
  directory: string,
  home: string,
  args: readonly string[],
  input?: Buffer,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir', directory, ...args], {
      env: gitEnvironment(home),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
    })
    const output: Buffer[] = []
    let size = 0
    let detail = ''
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxOutput) child.kill('SIGKILL')
      else output.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (detail.length < 1_000) detail += chunk.toString()
    })
    child.on('error', reject)
    // A git that needs no more input closes its end first.
    child.stdin.on('error', () => undefined)
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(output))
      else reject(new GitExit(status, detail))
    })
    child.stdin.end(input)
  })
}
