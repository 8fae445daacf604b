/** Runs the built program as a person would, in a folder and with a home of its own. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FindingRecord } from '../../src/model/finding.ts'

/** `KEYRECALL_TEST_MAIN` names another build, for example that of an installed package. */
export const main =
  process.env['KEYRECALL_TEST_MAIN'] ?? fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

export interface CliRun {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface CliOptions {
  cwd: string
  /** `$KEYRECALL_HOME`. */
  home: string
  env?: Record<string, string>
  /** Standard input; closed at once where absent. */
  input?: string | Buffer
  /** Called with the process id once the program has started. */
  started?: (kill: (signal: NodeJS.Signals) => void) => void
}

export async function runCli(args: readonly string[], options: CliOptions): Promise<CliRun> {
  if (!existsSync(main)) throw new Error(`${main} is missing; "npm run build" makes it`)
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', KEYRECALL_HOME: options.home, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  // A program that refuses its arguments does not read its input.
  child.stdin.on('error', () => {})
  if (options.started === undefined) child.stdin.end(options.input)
  else options.started((signal) => child.kill(signal))
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, killed) => resolve([code, killed]))
  })
  return { status, signal, ...output }
}

/** The findings in JSON lines. */
export function jsonLines(text: string): FindingRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FindingRecord)
}
