/**
 * Makes the history of a bare repository with `git fast-import`: one process however many commits there are, and
 * exact authors and dates. After each commit its object id is asked back (`get-mark`), so that callers know it.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { gitEnvironment } from './git-command.ts'

interface Person {
  name: string
  email: string
}

interface CommitInput {
  message: string
  /** Default: a made-up maintainer. */
  author?: Person
  /** Default: the author. */
  committer?: Person
  /** Default: a minute after the commit before it, in whatever repository. */
  date?: Date
  /** Default `main`. A branch that is new begins without history unless `from` is given. */
  branch?: string
  /** Branch or commit the commit stands on, where it is not the branch's newest. */
  from?: string
  /** Path to content; null deletes the path. */
  files: Readonly<Record<string, string | Buffer | null>>
}

export interface RepositoryBuilder {
  /** Gives back the id of the commit. */
  commit(input: CommitInput): Promise<string>
  /** Lets `branch` point to `target`: a branch or commit. */
  branch(branch: string, target: string): void
  deleteBranch(branch: string): void
}

/** The builder and the end of its process; `finish` rejects when git refused something. */
export interface OpenBuilder {
  builder: RepositoryBuilder
  finish(): Promise<void>
  abort(): void
}

const maintainer: Person = { name: 'Mara Maintainer', email: 'mara@example.test' }
const zeroCommit = '0'.repeat(40)

export interface BuilderInput {
  /** An existing bare repository. */
  directory: string
  home: string
  /** Branches that exist already: their next commit stands on their newest one. */
  branches: readonly string[]
  /** Time of the next commit that names none, in milliseconds since 1970. */
  now: () => number
}

export function openBuilder({ directory, home, branches, now }: BuilderInput): OpenBuilder {
  const child = spawn('git', ['--git-dir', directory, 'fast-import', '--quiet', '--done', '--force'], {
    env: gitEnvironment(home),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = waitForEnd(child)
  const untouched = new Set(branches)
  let mark = 0

  async function commit(input: CommitInput): Promise<string> {
    const id = ++mark
    const branch = input.branch ?? 'main'
    // fast-import knows the newest commit of a branch only once it wrote to it.
    const goesOn = untouched.delete(branch) && input.from === undefined
    const from = goesOn ? `refs/heads/${branch}^0` : input.from && ref(input.from)
    child.stdin.write(header({ ...input, branch, date: input.date ?? new Date(now()) }, from, id))
    for (const [path, content] of Object.entries(input.files)) child.stdin.write(change(path, content))
    child.stdin.write(`\nget-mark :${id}\n`)
    const reply = await replies.next()
    if (!reply.done) return reply.value
    await ended
    throw new Error('git fast-import ended early')
  }

  return {
    builder: {
      commit,
      branch: (branch, target) =>
        void child.stdin.write(`reset refs/heads/${branch}\nfrom ${ref(target)}\n\n`),
      deleteBranch: (branch) => void child.stdin.write(`reset refs/heads/${branch}\nfrom ${zeroCommit}\n\n`),
    },
    async finish() {
      child.stdin.end('done\n')
      await ended
    },
    abort() {
      child.kill('SIGKILL')
      ended.catch(() => undefined)
    },
  }
}

function header(
  input: CommitInput & { branch: string; date: Date },
  from: string | undefined,
  mark: number,
): string {
  const author = input.author ?? maintainer
  const time = `${Math.floor(input.date.getTime() / 1000)} +0000`
  return [
    `commit refs/heads/${input.branch}`,
    `mark :${mark}`,
    `author ${signature(author)} ${time}`,
    `committer ${signature(input.committer ?? author)} ${time}`,
    `data ${Buffer.byteLength(input.message)}`,
    input.message,
    ...(from ? [`from ${from}`] : []),
    '',
  ].join('\n')
}

function change(path: string, content: string | Buffer | null): Buffer {
  const quoted = `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
  if (content === null) return Buffer.from(`D ${quoted}\n`)
  const bytes = Buffer.from(content)
  return Buffer.concat([
    Buffer.from(`M 100644 inline ${quoted}\ndata ${bytes.length}\n`),
    bytes,
    Buffer.from('\n'),
  ])
}

function signature(person: Person): string {
  const clean = (text: string) => text.replace(/[<>\n]/g, '')
  return `${clean(person.name)} <${clean(person.email)}>`
}

function ref(target: string): string {
  return /^[0-9a-f]{40}$/.test(target) ? target : `refs/heads/${target}`
}

async function waitForEnd(child: ChildProcessWithoutNullStreams): Promise<void> {
  let detail = ''
  child.stderr.on('data', (chunk: Buffer) => {
    if (detail.length < 1_000) detail += chunk.toString()
  })
  child.stdin.on('error', () => undefined)
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error(`git fast-import ended with ${status ?? 'a signal'}: ${detail}`)
}
