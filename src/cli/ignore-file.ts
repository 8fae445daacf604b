/**
 * `.keyrecallignore`: what somebody looked at and lets stand. A line is a pattern of paths, or `fingerprint:HEX` or
 * `detector:ID [GLOB]`, both with an optional `until=YYYY-MM-DD`. A line that cannot be read ends the scan before it
 * begins: an entry that does nothing is worse than none.
 */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { AppError } from '../model/errors.ts'
import { type PathPattern, pathPattern } from './ignore-paths.ts'

const largest = 1024 * 1024
const mostNamed = 5

export interface IgnoreEntry {
  /** As people find it again: `path/.keyrecallignore:7`. */
  at: string
  /** The line itself. */
  text: string
  rule:
    | { kind: 'path'; pattern: PathPattern }
    /** The first digits of a fingerprint, 16 at least. */
    | { kind: 'fingerprint'; start: string }
    | { kind: 'detector'; id: string; pattern: PathPattern | null }
  /** The last day on which it holds, as `YYYY-MM-DD` in UTC; for good where null. */
  until: string | null
}

/**
 * The file's entries; null where there is none.
 * @param path as it shall be named in messages
 * @throws AppError `usage` for a file that cannot be read, or whose lines cannot
 */
export async function readIgnoreFile(path: string): Promise<IgnoreEntry[] | null> {
  const text = await readRegularFile(path)
  return text === null ? null : parseIgnores(text, path)
}

/** @throws AppError `usage`, naming the file and every line that is wrong (the first ones, where there are many) */
export function parseIgnores(text: string, path: string): IgnoreEntry[] {
  const entries: IgnoreEntry[] = []
  const wrong: string[] = []
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    // As git has it: spaces at the end count only behind a backslash.
    const line = raw.replace(/(?<!\\)[ \t]+$/, '')
    if (line === '' || line.startsWith('#')) continue
    const parsed = parseLine(line)
    if (typeof parsed === 'string') wrong.push(`line ${index + 1}: ${parsed}`)
    else entries.push({ at: `${path}:${index + 1}`, text: line, ...parsed })
  }
  if (wrong.length > 0) {
    const more = wrong.length > mostNamed ? `; and ${wrong.length - mostNamed} lines more` : ''
    throw new AppError('usage', `${JSON.stringify(path)} ${wrong.slice(0, mostNamed).join('; ')}${more}`)
  }
  return entries
}

/** The entry, or what is wrong with it. */
function parseLine(line: string): Pick<IgnoreEntry, 'rule' | 'until'> | string {
  const entry = /^(fingerprint|detector):(\S*)((?:[ \t]+\S+)*)$/.exec(line)
  if (entry === null) {
    const pattern = pathPattern(line)
    return pattern === null
      ? `${JSON.stringify(line)} names no path`
      : { rule: { kind: 'path', pattern }, until: null }
  }
  const [, kind, value = '', rest = ''] = entry
  const words = rest.split(/[ \t]+/).filter((word) => word !== '')
  const dates = words.filter((word) => word.startsWith('until='))
  const others = words.filter((word) => !word.startsWith('until='))
  const until = dates[0]?.slice('until='.length) ?? null
  if (dates.length > 1) return 'it has more than one until='
  if (until !== null && !isDay(until)) return `${JSON.stringify(until)} is no day; write until=YYYY-MM-DD`
  if (kind === 'fingerprint') {
    if (others[0] !== undefined) return `${JSON.stringify(others[0])} is not understood behind a fingerprint`
    if (!/^[0-9a-f]{16,64}$/i.test(value)) return 'a fingerprint is 16 to 64 hex digits, as a scan prints it'
    return { rule: { kind, start: value.toLowerCase() }, until }
  }
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(value)) return `${JSON.stringify(value)} is not the id of a detector`
  if (others.length > 1) return 'a detector takes one pattern of paths'
  const pattern = others[0] === undefined ? null : pathPattern(others[0])
  if (others[0] !== undefined && (pattern === null || pattern.negated)) {
    return `${JSON.stringify(others[0])} is no pattern of paths here`
  }
  return { rule: { kind: 'detector', id: value, pattern }, until }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Null where there is none. A link is not followed and a FIFO not waited for. */
async function readRegularFile(path: string): Promise<string | null> {
  const named = JSON.stringify(path)
  try {
    // oxlint-disable-next-line no-bitwise
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const { size } = await file.stat()
      if (!(await file.stat()).isFile()) throw new AppError('usage', `${named} is not a regular file`)
      if (size > largest) throw new AppError('usage', `${named} is larger than ${largest} bytes`)
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    const reason = code === 'ELOOP' ? 'is a link, which is not followed' : `could not be read (${code})`
    throw new AppError('usage', `${named} ${reason}`)
  }
}
