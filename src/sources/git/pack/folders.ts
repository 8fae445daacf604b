/**
 * Where the objects of a repository are: its own folder, that of the repository a worktree belongs to, and those it
 * borrows from (`objects/info/alternates`, which may name one another in circles).
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { SourceProblem } from '../../../model/blob.ts'

export interface ObjectFolders {
  /** Folders named `objects`, the repository's own first. */
  objects: string[]
  /** Where the logs of refs are: the repository's folder first, then those of its worktrees. */
  gitDirs: string[]
  /** Bytes of an id: 20, or 32 where the repository uses SHA-256. */
  hashLength: number
  problems: SourceProblem[]
}

/** Borrowed folders in all; git follows five in a row. */
const maxAlternates = 64
const maxListBytes = 1024 * 1024

export function findObjectFolders(gitDir: string): ObjectFolders {
  const common = resolve(gitDir, readText(join(gitDir, 'commondir'))?.trimEnd() ?? '.')
  const problems: SourceProblem[] = []
  const objects: string[] = []
  const waiting = [join(common, 'objects')]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const folder = realFolder(next)
    if (folder === null || objects.length >= maxAlternates) {
      const why = folder === null ? 'is not there' : `comes after ${maxAlternates} others`
      problems.push({
        problem: 'error',
        code: 'unreadable',
        subject: next,
        message: `the folder of objects this repository borrows from ${why}; what is in it was not read`,
      })
    } else if (!objects.includes(folder)) {
      objects.push(folder)
      waiting.push(...alternatesOf(folder))
    }
  }
  const folders = [common, gitDir, ...worktrees(common)].map(realFolder)
  const gitDirs = [...new Set(folders.filter((folder) => folder !== null))]
  return { objects, gitDirs, hashLength: hashLengthOf(common), problems }
}

/** Paths are as in the file; relative ones stand against the folder of objects. */
function alternatesOf(objects: string): string[] {
  const list = readText(join(objects, 'info', 'alternates'))
  if (list === null) return []
  return list
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => resolve(objects, unquote(line)))
}

/** git writes paths with odd characters as C strings. */
function unquote(line: string): string {
  if (!line.startsWith('"')) return line
  try {
    return String(JSON.parse(line))
  } catch {
    return line
  }
}

/** Linked worktrees keep logs of their own. */
function worktrees(common: string): string[] {
  try {
    return readdirSync(join(common, 'worktrees')).map((name) => join(common, 'worktrees', name))
  } catch {
    return []
  }
}

function hashLengthOf(common: string): number {
  const config = readText(join(common, 'config')) ?? ''
  let section = ''
  for (const line of config.split('\n')) {
    const header = /^\s*\[\s*([^\]\s]+)/.exec(line)
    if (header) section = (header[1] ?? '').toLowerCase()
    const rest = header ? line.slice(line.indexOf(']') + 1) : line
    if (section === 'extensions' && /^\s*objectformat\s*=\s*"?sha256"?\s*(?:[;#].*)?$/i.test(rest)) return 32
  }
  return 20
}

function readText(path: string): string | null {
  try {
    return statSync(path).size > maxListBytes ? null : readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function realFolder(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : null
  } catch {
    return null
  }
}
