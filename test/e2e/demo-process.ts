/** `keyrecall demo` as a process that is watched while it runs, for `--keep` and for interrupts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { main } from '../support/cli.ts'

export interface DemoProcess {
  stdout(): string
  stderr(): string
  /** Waits until it was said on standard error. */
  said(text: RegExp): Promise<void>
  /** SIGINT, as Ctrl-C; gives the exit status, also of one that has ended. */
  stop(): Promise<number | null>
}

export function startDemoProcess(args: readonly string[], temporary: string): DemoProcess {
  const child = spawn(process.execPath, [main, 'demo', ...args], {
    cwd: temporary,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const closed = once(child, 'close')
  return {
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    said(text) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.test(output.stderr)) resolve()
        }
        child.stderr.on('data', look)
        look()
        closed.then(() => reject(new Error(`the demo ended early:\n${output.stderr}`)), reject)
      })
    },
    async stop() {
      child.kill('SIGINT')
      await closed
      return child.exitCode
    },
  }
}
