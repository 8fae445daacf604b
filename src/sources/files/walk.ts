/**
 * The regular files under a folder, sorted by the bytes of their names, depth first. Links are never followed,
 * so there are no loops and no way out; names are kept as bytes, as they need not be UTF-8.
 */
import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import type { SourceProblem } from '../../model/blob.ts'

const slash = Buffer.from('/')

/** Yields the path of each file below `root`, without it; subjects of problems are such paths too. */
export async function* walkFiles(
  root: Buffer,
  excluded: (path: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer | SourceProblem> {
  /** Paths still to visit, the next one last. */
  const waiting: { path: Buffer; entry: Dirent<Buffer> | null }[] = [{ path: Buffer.alloc(0), entry: null }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    signal.throwIfAborted()
    const { path, entry } = next
    if (entry && excluded(path.toString('utf8'))) {
      yield skipped('excluded', path, 'left out by a pattern')
    } else if (entry?.isSymbolicLink()) {
      yield skipped('special_file', path, 'a symbolic link, which is not followed')
    } else if (entry && isGitFolder(entry)) {
      yield* gitConfig(root, path)
      yield skipped('git_folder', path, 'git keeps this packed; scan the history with git:PATH')
    } else if (entry === null || entry.isDirectory()) {
      const entries = await list(root, path)
      if ('problem' in entries) yield entries
      else for (const child of entries.reverse()) waiting.push({ path: join(path, child.name), entry: child })
    } else if (entry.isFile()) yield path
    else yield skipped('special_file', path, `a ${kindOf(entry)}, which is not read`)
  }
}

/** The one file in there that people write themselves: addresses of remotes, at times with a token. */
async function* gitConfig(root: Buffer, folder: Buffer): AsyncGenerator<Buffer> {
  const path = join(folder, Buffer.from('config'))
  const found = await lstat(join(root, path)).catch(() => null)
  if (found?.isFile()) yield path
}

async function list(root: Buffer, path: Buffer): Promise<Dirent<Buffer>[] | SourceProblem> {
  try {
    const entries = await readdir(join(root, path), { withFileTypes: true, encoding: 'buffer' })
    return entries.sort((a, b) => Buffer.compare(a.name, b.name))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    const message = `this folder cannot be read (${code})`
    return { problem: 'error', code: 'unreadable', subject: path.toString('utf8'), message }
  }
}

/** Joins paths of bytes; an empty one adds nothing. */
export function join(folder: Buffer, name: Buffer): Buffer {
  if (folder.length === 0 || name.length === 0) return Buffer.concat([folder, name])
  return Buffer.concat(folder.at(-1) === slash[0] ? [folder, name] : [folder, slash, name])
}

function isGitFolder(entry: Dirent<Buffer>): boolean {
  return entry.isDirectory() && entry.name.toString('latin1') === '.git'
}

function kindOf(entry: Dirent<Buffer>): string {
  if (entry.isFIFO()) return 'FIFO'
  if (entry.isSocket()) return 'socket'
  return 'device'
}

function skipped(code: string, path: Buffer, message: string): SourceProblem {
  return { problem: 'skipped', code, subject: path.toString('utf8'), message }
}
