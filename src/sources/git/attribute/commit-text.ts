/** What attribution reads of a raw commit: ids and the committer's time straight from the bytes, people as text. */
import { isoTime } from '../object-text.ts'

const newline = 0x0a
const treeLabel = 'tree '
const parentLabel = 'parent '

/** Receives the ids of a commit as bytes in a buffer that is used again. */
export interface CommitVisit {
  tree(id: Uint8Array): void
  parent(id: Uint8Array): void
}

/**
 * Visits the tree and the parents of a raw commit.
 * @param scratch holds one id
 * @returns the committer's time in seconds since 1970, 0 where it states none; null where it is no commit
 */
export function readCommit(bytes: Buffer, scratch: Uint8Array, visit: CommitVisit): number | null {
  const hex = 2 * scratch.length
  if (!startsWith(bytes, 0, treeLabel) || !readHex(bytes, treeLabel.length, scratch)) return null
  visit.tree(scratch)
  let at = treeLabel.length + hex + 1
  while (startsWith(bytes, at, parentLabel)) {
    if (!readHex(bytes, at + parentLabel.length, scratch)) return null
    visit.parent(scratch)
    at += parentLabel.length + hex + 1
  }
  // The author's line comes next, then the committer's.
  const line = bytes.indexOf(newline, at) + 1
  return line === 0 ? 0 : secondsAtEnd(bytes, line)
}

function startsWith(bytes: Uint8Array, at: number, label: string): boolean {
  for (let index = 0; index < label.length; index++) {
    if (bytes[at + index] !== label.charCodeAt(index)) return false
  }
  return true
}

function readHex(bytes: Uint8Array, at: number, target: Uint8Array): boolean {
  for (let index = 0; index < target.length; index++) {
    const value = (digit(bytes[at + 2 * index]) << 4) | digit(bytes[at + 2 * index + 1])
    if (value < 0) return false
    target[index] = value
  }
  return bytes[at + 2 * target.length] === newline
}

function digit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1
}

/** The number behind the last `>` of the line; hostile commits hold any. */
function secondsAtEnd(bytes: Buffer, line: number): number {
  const found = bytes.indexOf(newline, line)
  const end = found < 0 ? bytes.length : found
  let at = bytes.lastIndexOf(0x3e, end - 1) + 1
  if (at <= line) return 0
  while (bytes[at] === 0x20) at++
  let seconds = 0
  for (
    let byte = bytes[at] as number;
    at < end && byte >= 0x30 && byte <= 0x39;
    byte = bytes[++at] as number
  ) {
    seconds = seconds * 10 + byte - 0x30
  }
  return Math.min(seconds, Number.MAX_SAFE_INTEGER)
}

export interface Signature {
  name: string
  email: string
  /** ISO 8601 in UTC; null where there is no usable time. */
  at: string | null
}

/** Author and committer of a raw commit as it names them, in the encoding it states. */
export function readPeople(commit: Buffer): { author: Signature; committer: Signature } {
  const headerEnd = commit.indexOf('\n\n')
  const headers = commit.subarray(0, headerEnd < 0 ? commit.length : headerEnd)
  const encoding = /^encoding ([\w.:-]+)$/m.exec(headers.toString('latin1'))?.[1]
  const text = decode(headers, encoding)
  return { author: signature(text, 'author'), committer: signature(text, 'committer') }
}

function decode(bytes: Buffer, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes)
  } catch {
    // A name that nobody knows.
    return bytes.toString('utf8')
  }
}

function signature(headers: string, label: string): Signature {
  const [, name = '', email = '', rest = ''] =
    new RegExp(`^${label} ([^<\\n]*)<([^>\\n]*)>(.*)$`, 'm').exec(headers) ?? []
  const seconds = /^(?:.*>)? *(\d+)/.exec(rest)?.[1] ?? ''
  return { name: name.trim(), email, at: isoTime(seconds) }
}
