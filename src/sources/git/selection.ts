/**
 * Which objects a scan is limited to: those a branch leads to, those that came after a commit or a day. "After" means
 * that no commit before it held them: a file that was there already, and still is, is not among them.
 */
import { type ChildOptions, runChild, startChild } from '../../base/child.ts'
import { AppError } from '../../model/errors.ts'
import { createByteReader } from './byte-reader.ts'
import type { Refs } from './refs.ts'
import type { Repository } from './repository.ts'

export interface GitRange {
  /** A branch by its short name, of this repository or of its remote `origin`, or a tag, or a full name of a ref. */
  branch: string | null
  /** A commit, or a time as in `2026-01-31`. */
  since: string | null
}

export interface Selection {
  /** Ids of blobs, commits and tags, in lower hex. */
  objects: ReadonlySet<string>
  /** The refs that count. */
  refs: Refs
}

/** Bytes of an answer of a few lines. */
const shortAnswer = 64 * 1024

/** Throws `AppError`: `usage` naming the option where it fits no branch, commit or day, `git_failed`. */
export async function selectObjects(
  repository: Repository,
  all: Refs,
  range: GitRange,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Selection> {
  const bounds = { timeoutMs, signal }
  const refs = range.branch === null ? all : onlyBranch(all, range.branch, repository.name)
  const tips = [...new Set([...refs.refs.map((ref) => ref.id), ...(refs.head === null ? [] : [refs.head])])]
  const commit = range.since === null ? null : await commitNamed(repository, range.since, bounds)
  let ends = tips
  let bounded: string[] = commit === null ? [] : [commit]
  if (range.since !== null && commit === null) {
    ;({ ends, bounded } = await splitAt(repository, tips, dayNamed(range.since, repository.name), bounds))
  }
  const objects = new Set<string>()
  if (ends.length > 0) {
    const args = ['rev-list', '--objects', '--no-object-names', '--ignore-missing', '--stdin']
    const input = [...ends, ...bounded.map((id) => `^${id}`)]
    const command = repository.command('list what the branches lead to', args)
    for await (const line of linesOf({ ...command, ...bounds }, input)) objects.add(line)
  }
  return { objects, refs }
}

function onlyBranch({ refs }: Refs, name: string, repository: string): Refs {
  const names = [
    `refs/heads/${name}`,
    `refs/remotes/origin/${name}`,
    `refs/remotes/${name}`,
    `refs/tags/${name}`,
    name,
  ]
  const found = names.map((full) => refs.find((ref) => ref.name === full)).find((ref) => ref !== undefined)
  if (!found) {
    throw new AppError('usage', `--branch ${JSON.stringify(name)} is no branch or tag of "${repository}"`)
  }
  return { refs: [found], defaultBranch: found.name, head: found.id }
}

interface Bounds {
  timeoutMs: number
  signal: AbortSignal
}

/** The commit of this name; null where there is none. */
async function commitNamed(repository: Repository, name: string, bounds: Bounds): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
  const command = repository.command('look for the commit', args)
  try {
    return (await runChild({ ...command, ...bounds, maxOutput: shortAnswer })).toString('latin1').trim()
  } catch (error) {
    if (error instanceof AppError && error.code === 'git_failed' && !bounds.signal.aborted) return null
    throw error
  }
}

/** Seconds since 1970. */
function dayNamed(text: string, repository: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return Math.floor(time / 1000)
  throw new AppError(
    'usage',
    `--since ${JSON.stringify(text)} is no commit of "${repository}" and no day such as 2026-01-31`,
  )
}

/** The commits at a time or after it, and those right before them. */
async function splitAt(
  repository: Repository,
  tips: readonly string[],
  seconds: number,
  bounds: Bounds,
): Promise<{ ends: string[]; bounded: string[] }> {
  const command = repository.command('list the commits', [
    'rev-list',
    `--since=@${seconds}`,
    '--parents',
    '--ignore-missing',
    '--stdin',
  ])
  const after = new Set<string>()
  const parents = new Set<string>()
  for await (const line of linesOf({ ...command, ...bounds }, tips)) {
    const [id = '', ...above] = line.split(' ')
    after.add(id)
    for (const parent of above) parents.add(parent)
  }
  return { ends: [...after], bounded: [...parents].filter((id) => !after.has(id)) }
}

async function* linesOf(options: ChildOptions, input: readonly string[]): AsyncGenerator<string> {
  const child = startChild(options)
  try {
    child.stdin.end(`${input.join('\n')}\n`)
    const lines = createByteReader(child.stdout)
    for (let line = await lines.line(); line !== null; line = await lines.line()) yield line
    await child.done
  } finally {
    await child.stop()
  }
}
