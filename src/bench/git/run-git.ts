/** Runs git for the benches: bounded, and with the same guarded environment as the source that reads histories. */
import { runChild } from '../../base/child.ts'
import { gitEnvironment } from '../../sources/git/environment.ts'

export interface GitRun {
  gitDir: string
  signal: AbortSignal
  /** What git reads on standard input. Default: nothing. */
  input?: string | Uint8Array
}

const mostOutput = 1024 * 1024 * 1024

/** Standard output of git; throws `AppError` where it fails. */
export async function runGit(args: readonly string[], run: GitRun): Promise<Buffer> {
  return await runChild({
    phase: `run git ${args[0] ?? ''}`,
    command: 'git',
    args,
    env: gitEnvironment({ protocols: [], gitDir: run.gitDir }),
    cwd: '/',
    signal: run.signal,
    maxOutput: mostOutput,
    ...(run.input === undefined ? {} : { input: run.input }),
  })
}

export async function gitLines(args: readonly string[], run: GitRun): Promise<string[]> {
  return (await runGit(args, run))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}
