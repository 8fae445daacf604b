/**
 * The regular files under a folder, sorted by the bytes of their names, depth first. Links are never followed,
 * so there are no loops and no way out. Names need not be UTF-8: inside of this folder of the source they are
 * Latin-1, a character a byte. Synchronous, since a promise for each of many thousand files costs more than listing
 * them.
 */
import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import type { SourceProblem } from '../../model/blob.ts'

/** Yields the path of each file below `root`, without it; subjects of problems are such paths as text. */
export function* walkFiles(
  root: string,
  excluded: (path: string) => boolean,
): Generator<string | SourceProblem> {
  /** Paths still to visit, the next one last. */
  const waiting: { path: string; entry: Dirent<Buffer> | null }[] = [{ path: '', entry: null }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, entry } = next
    if (entry && excluded(textOf(path))) {
      yield skipped('excluded', path, 'left out by a pattern')
    } else if (entry?.isFile()) yield path
    else if (entry?.isSymbolicLink()) {
      yield skipped('special_file', path, 'a symbolic link, which is not followed')
    } else if (entry?.isDirectory() && latin1(entry.name) === '.git') {
      yield* gitConfig(root, path)
      yield skipped('git_folder', path, 'git keeps this packed; scan the history with git:PATH')
    } else if (entry === null || entry.isDirectory()) {
      const entries = list(root, path)
      if ('problem' in entries) yield entries
      else {
        for (const entry of entries.reverse()) waiting.push({ path: join(path, latin1(entry.name)), entry })
      }
    } else yield skipped('special_file', path, `a ${kindOf(entry)}, which is not read`)
  }
}

/** The one file in there that people write themselves: addresses of remotes, at times with a token. */
function* gitConfig(root: string, folder: string): Generator<string> {
  const path = join(folder, 'config')
  try {
    if (lstatSync(pathBytes(join(root, path))).isFile()) yield path
  } catch {
    // Not there, or not for us: there is no config to read.
  }
}

function list(root: string, path: string): Dirent<Buffer>[] | SourceProblem {
  try {
    const entries = readdirSync(pathBytes(join(root, path)), { withFileTypes: true, encoding: 'buffer' })
    return entries.sort((a, b) => Buffer.compare(a.name, b.name))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    const message = `this folder cannot be read (${code})`
    return { problem: 'error', code: 'unreadable', subject: textOf(path), message }
  }
}

/** Joins paths; an empty one adds nothing. */
export function join(folder: string, name: string): string {
  if (folder === '' || name === '') return folder + name
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`
}

function latin1(name: Buffer): string {
  return name.toString('latin1')
}

/** What system calls are given for a path in Latin-1. */
export function pathBytes(path: string): Buffer {
  return Buffer.from(path, 'latin1')
}

/** The same, without a buffer for the many paths that need none. */
export function systemPath(path: string): string | Buffer {
  return isAscii(path) ? path : pathBytes(path)
}

/** A path in Latin-1 as people read it; bytes that are not UTF-8 are shown as U+FFFD. */
export function textOf(path: string): string {
  return isAscii(path) ? path : pathBytes(path).toString('utf8')
}

function isAscii(path: string): boolean {
  for (let at = 0; at < path.length; at++) if (path.charCodeAt(at) > 0x7f) return false
  return true
}

function kindOf(entry: Dirent<Buffer>): string {
  if (entry.isFIFO()) return 'FIFO'
  if (entry.isSocket()) return 'socket'
  return 'device'
}

function skipped(code: string, path: string, message: string): SourceProblem {
  return { problem: 'skipped', code, subject: textOf(path), message }
}
