/**
 * Real git repositories with chosen authors and dates, built command by command. The machine's own git
 * configuration plays no part, and everything in them is made up.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Author {
  name: string
  email: string
  /** Anything git reads as a date; commits without one are a minute apart, from 2026-01-01 on. */
  date?: string
}

export interface GitRepo {
  /** Top folder: the working tree. */
  path: string
  /** Runs git in it and gives back what it printed, without the last newline. */
  git(...args: string[]): Promise<string>
  write(path: string, content: string | Buffer): Promise<void>
  /** Commits all there is, and gives back the commit's id. */
  commit(message: string, author?: Partial<Author>): Promise<string>
  remove(): Promise<void>
}

/** An empty repository in a temporary folder; its branch is `main`. */
export async function createRepo(): Promise<GitRepo> {
  const path = await mkdtemp(join(tmpdir(), 'keyrecall-repo-'))
  let minutes = 0
  let dates: Record<string, string> = {}

  async function git(...args: string[]): Promise<string> {
    const { stdout } = await run('git', args, {
      cwd: path,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: '/nonexistent',
        LC_ALL: 'C',
        TZ: 'UTC',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_TERMINAL_PROMPT: '0',
        ...identity({}),
        ...dates,
      },
    })
    return stdout.replace(/\n$/, '')
  }

  function identity(author: Partial<Author>): Record<string, string> {
    minutes += 1
    const date = author.date ?? new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString()
    const { name = 'Robin Example', email = 'robin@example.com' } = author
    return {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    }
  }

  await git('init', '--quiet', '--initial-branch=main', '--template=')
  return {
    path,
    git,
    async write(file, content) {
      await mkdir(dirname(join(path, file)), { recursive: true })
      await writeFile(join(path, file), content)
    },
    async commit(message, author = {}) {
      dates = identity(author)
      await git('add', '--all', '--force')
      await git('commit', '--quiet', '--allow-empty', '--no-verify', '-m', message)
      dates = {}
      return git('rev-parse', 'HEAD')
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
