/**
 * One door to all sources: a listing task becomes more tasks, a reading task an open unit. Each source, and what
 * it needs, is loaded when the first task asks for it: a scan of a folder pays for no SDK.
 */
import type { SourceProblem } from '../model/blob.ts'
import type { ListingTask, ReadingTask, Task } from '../model/target.ts'
import type { OpenUnit } from '../model/unit.ts'
import type { FilesDeps } from './files/open.ts'
import type { GitDeps } from './git/open.ts'
import type { GithubDeps } from './github/client.ts'
import type { S3Deps } from './s3/client.ts'

/** A value, or a function that makes it when it is first needed. */
type Lazy<Value> = Value | (() => Value | Promise<Value>)

export interface SourceDeps {
  github: Lazy<GithubDeps>
  s3: Lazy<S3Deps>
  git: Lazy<GitDeps>
  files: Lazy<FilesDeps>
}

export interface Sources {
  /** @throws AppError where the listing as a whole failed */
  expand(task: ListingTask, signal: AbortSignal): Promise<{ tasks: Task[]; problems: SourceProblem[] }>
  /** @throws AppError where there is nothing to open */
  open(task: ReadingTask): Promise<OpenUnit>
  /** Ends the connections that were opened. */
  close(): Promise<void>
}

export function createSources(deps: SourceDeps): Sources {
  const github = once(deps.github)
  const s3 = once(deps.s3)
  const git = once(deps.git)
  const files = once(deps.files)
  return {
    async expand(task, signal) {
      if (task.kind === 's3-list-page') {
        const { expandBucketPage } = await import('./s3/list.ts')
        return await expandBucketPage(task, await s3.get(), signal)
      }
      const source = await import('./github/index.ts')
      switch (task.kind) {
        case 'github-owner-page':
          return await source.expandOwnerPage(task, await github.get(), signal)
        case 'github-repository':
          return await source.expandRepository(task, await github.get(), signal)
        case 'github-search-slice':
          return await source.expandSearchSlice(task, await github.get(), signal)
        case 'github-search-page':
          return await source.expandSearchPage(task, await github.get(), signal)
      }
    },
    async open(task) {
      switch (task.kind) {
        case 'path':
          return await (await import('./files/open.ts')).openPath(task, await files.get())
        case 'stdin':
          return (await import('./files/open.ts')).openStdin(await files.get())
        case 'git':
          return await (await import('./git/open.ts')).openGit(task, await git.get())
        case 'git-changes':
          return (await import('./git/open-changes.ts')).openChanges(task, await git.get())
        case 'github-blob':
          return await (await import('./github/index.ts')).openGithubBlob(task, await github.get())
        case 's3-objects':
          return await (await import('./s3/open-objects.ts')).openObjects(task, await s3.get())
      }
    },
    async close() {
      await (await github.made())?.close()
      ;(await s3.made())?.close()
    },
  }
}

interface Once<Value> {
  get(): Promise<Value>
  /** The value if anybody asked for it. */
  made(): Promise<Value | undefined>
}

function once<Value extends object>(value: Lazy<Value>): Once<Value> {
  let making: Promise<Value> | undefined
  return {
    get: () => (making ??= Promise.resolve(typeof value === 'function' ? value() : value)),
    made: () => making?.catch(() => undefined) ?? Promise.resolve(undefined),
  }
}
