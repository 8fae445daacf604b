/**
 * What hangs together in encoded text: how a stretch is cut depends on where the one before it ended. Base64 and hex go
 * on over line breaks, escapes up to the end of the string or address they stand in.
 */
import { byteClass } from '../byte-class.ts'
import { runLength, valueBytes } from '../gate-plan.ts'

/** Blanks that may follow a line break; the gate allows 16. */
const mostBlanks = 20
const newline = 0x0a
const backslash = 0x5c
const letterN = 0x6e
const blanks = byteClass(' \t\r\n')
/** Both strings and addresses end here. */
const cuts = byteClass('\n"`')

const gaps = byteClass('\0-\x20"\'`')

/** Bytes around a chain that decide that it is one. */
export const chainContext = 24

interface Chain {
  start: number
  end: number
  /** One of its runs is so long that encoded text may begin in it. */
  isLong: boolean
}

/** The runs of value characters around `at`, joined over line breaks; of no length where none is beside it. */
export function chainAt(bytes: Buffer, at: number): Chain {
  let start = runStart(bytes, at, 0)
  let end = runEnd(bytes, at, bytes.length)
  let isLong = end - start >= runLength
  for (let isFirst = start === at; ; isFirst = false) {
    const before = beforeBreak(bytes, start, isFirst)
    if (before < 0) break
    start = runStart(bytes, before, 0)
    isLong ||= before - start >= runLength
  }
  for (let isFirst = end === at; ; isFirst = false) {
    const behind = behindBreak(bytes, end, isFirst)
    if (behind < 0) break
    end = runEnd(bytes, behind, bytes.length)
    isLong ||= end - behind >= runLength
  }
  return { start, end, isLong }
}

/** Where the run of value characters begins that ends before `at`. */
function runStart(bytes: Buffer, at: number, limit: number): number {
  let start = at
  while (start > limit && valueBytes[bytes[start - 1] as number] === 1) start--
  return start
}

/** Where the run of value characters ends that goes on at `at`. */
function runEnd(bytes: Buffer, at: number, limit: number): number {
  let end = at
  while (end < limit && valueBytes[bytes[end] as number] === 1) end++
  return end
}

/** Where the run before a line break ends, -1 where no break is. `isInside`: the place may be within the break. */
function beforeBreak(bytes: Buffer, at: number, isInside: boolean): number {
  if (bytes[at] === letterN && bytes[at - 1] === backslash) return isValue(bytes, at - 2) ? at - 1 : -1
  let before = at
  let hasBreak = isInside
  while (before > 0 && before > at - mostBlanks && blanks[bytes[before - 1] as number] === 1) {
    before--
    if (bytes[before] === newline) hasBreak = true
  }
  return (before < at || isInside) && hasBreak && isValue(bytes, before - 1) ? before : -1
}

/** Where the run behind a line break begins. */
function behindBreak(bytes: Buffer, at: number, isInside: boolean): number {
  if (bytes[at] === backslash) return bytes[at + 1] === letterN ? at + 1 : -1
  let behind = at
  let hasBreak = isInside
  while (behind < at + mostBlanks && behind < bytes.length && blanks[bytes[behind] as number] === 1) {
    if (bytes[behind] === newline) hasBreak = true
    behind++
  }
  return (behind > at || isInside) && hasBreak && isValue(bytes, behind) ? behind : -1
}

function isValue(bytes: Buffer, at: number): boolean {
  return at >= 0 && at < bytes.length && valueBytes[bytes[at] as number] === 1
}

/** Where the run without blanks and quotes begins that ends before `at`. */
export function wordStart(bytes: Buffer, at: number, limit: number): number {
  let start = at
  while (start > limit && gaps[bytes[start - 1] as number] === 0) start--
  return start
}

/** Where the run without blanks and quotes ends that goes on at `at`. */
export function wordEnd(bytes: Buffer, at: number, limit: number): number {
  let end = at
  while (end < limit && gaps[bytes[end] as number] === 0) end++
  return end
}

export function lineStart(bytes: Buffer, at: number, limit: number): number {
  let start = at
  while (start > limit && bytes[start - 1] !== newline) start--
  return start
}

export function lineEnd(bytes: Buffer, at: number, limit: number): number {
  let end = at
  while (end < limit && bytes[end] !== newline) end++
  return end
}

/** The place behind the last byte before `at` that ends strings and addresses, or the start of the text. */
export function cutBefore(bytes: Buffer, at: number): number {
  let start = at
  while (start > 0 && cuts[bytes[start - 1] as number] === 0) start--
  return start
}

/** The first byte from `at` on that ends strings and addresses, or the end of the text. */
export function cutBehind(bytes: Buffer, at: number): number {
  let end = at
  while (end < bytes.length && cuts[bytes[end] as number] === 0) end++
  return end
}
