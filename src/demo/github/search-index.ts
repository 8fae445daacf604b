/**
 * The files of a default branch as code search knows them: real blobs, up to GitHub's 384 KB, with the language
 * their extension tells.
 */
import { extname } from 'node:path'
import { git } from './git-command.ts'

export interface IndexedFile {
  path: string
  sha: string
  size: number
  text: string
  /** Lower case; null where the extension tells none. */
  language: string | null
}

const largestIndexed = 384 * 1024

const languages: Readonly<Record<string, string>> = {
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.ts': 'typescript',
  '.py': 'python',
  '.json': 'json',
  '.yml': 'yaml',
  '.yaml': 'yaml',
  '.java': 'java',
  '.go': 'go',
  '.php': 'php',
  '.rb': 'ruby',
  '.sh': 'shell',
}

/** Reads all files at the tip; an empty list where the default branch does not exist. */
export async function readTip(directory: string, home: string): Promise<IndexedFile[]> {
  const listing = await git(directory, home, ['ls-tree', '-r', '-z', '-l', 'HEAD']).catch(() =>
    Buffer.alloc(0),
  )
  const entries = listing.toString().split('\0').filter(Boolean).map(parseEntry)
  const indexed = entries.filter(({ type, size }) => type === 'blob' && size <= largestIndexed)
  const wanted = Buffer.from(indexed.map(({ sha }) => `${sha}\n`).join(''))
  const output = await git(directory, home, ['cat-file', '--batch'], wanted)
  let offset = 0
  return indexed.map(({ path, sha, size }) => {
    const start = output.indexOf(10, offset) + 1
    offset = start + size + 1
    const text = output.toString('utf8', start, start + size)
    return { path, sha, size, text, language: languages[extname(path).toLowerCase()] ?? null }
  })
}

/** One line of `ls-tree -l`: mode, type, id, size, then a tab and the path. */
function parseEntry(line: string): { type: string; sha: string; size: number; path: string } {
  const tab = line.indexOf('\t')
  const [, type = '', sha = '', size = '0'] = line.slice(0, tab).split(/\s+/)
  return { type, sha, size: Number(size) || 0, path: line.slice(tab + 1) }
}
