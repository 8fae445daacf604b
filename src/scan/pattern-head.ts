/**
 * What a pattern asks of its first bytes, read off its source: one table for each byte that must be there. Nearly
 * all candidates fail it, which spares them RE2. It may ask for less than the pattern does, never for more.
 */
import { byteClass } from './byte-class.ts'

export interface PatternHead {
  /** For each of the first bytes, a table with 1 for those that may stand there. */
  tables: readonly Uint8Array[]
  /** Length of every match, where the pattern allows one length only and the tables cover it whole; else 0. */
  length: number
}

/** More would hardly sort out anything. */
const longest = 64
const shorthands: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_' }

/** The head of `source`; an empty one where its beginning is not understood. */
export function patternHead(source: string): PatternHead {
  const tables: Uint8Array[] = []
  if (hasChoice(source, 0, source.length)) return { tables, length: 0 }
  let at = 0
  while (at < source.length) {
    const sign = source.charAt(at)
    if (sign === ')') {
      at++
      continue
    }
    if (sign === '(') {
      const inner = source.startsWith('(?:', at) ? at + 3 : at + 1
      const close = groupEnd(source, at)
      if (source.charAt(inner) === '?' || hasChoice(source, inner, close)) return { tables, length: 0 }
      if (/[?*+{]/.test(source.charAt(close + 1))) return { tables, length: 0 }
      at = inner
      continue
    }
    const atom = readAtom(source, at)
    if (!atom) return { tables, length: 0 }
    const { least, most, next } = readCount(source, atom.next)
    for (let i = 0; i < least && tables.length < longest; i++) tables.push(atom.table)
    if (least !== most || tables.length >= longest) return { tables, length: 0 }
    at = next
  }
  return { tables, length: tables.length }
}

/** True where the bytes from `at` on begin as `head` asks. */
export function beginsAs({ tables }: PatternHead, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < tables.length; i++) if (tables[i]?.[bytes[at + i] ?? 0x100] !== 1) return false
  return true
}

interface Atom {
  table: Uint8Array
  next: number
}

function readAtom(source: string, at: number): Atom | null {
  const sign = source.charAt(at)
  if (sign === '[') return readClass(source, at)
  if (sign === '\\') {
    const name = source.charAt(at + 1)
    const spec = shorthands[name]
    if (spec) return { table: byteClass(spec), next: at + 2 }
    return /[a-zA-Z0-9]/.test(name) ? null : { table: only(name), next: at + 2 }
  }
  if (/[.^$|?*+{}]/.test(sign) || sign.charCodeAt(0) > 0x7e) return null
  return { table: only(sign), next: at + 1 }
}

function readClass(source: string, at: number): Atom | null {
  const end = source.indexOf(']', at + 2)
  const spec = source.slice(at + 1, end)
  // Escapes and named classes in a class are left to RE2, as is everything beyond ASCII.
  if (end < 0 || !/^[^\\^[\]\x7f-\uffff][^\\[\]\x7f-\uffff]*$/.test(spec)) return null
  return { table: byteClass(spec), next: end + 1 }
}

function only(sign: string): Uint8Array {
  const table = new Uint8Array(256)
  table[sign.charCodeAt(0)] = 1
  return table
}

function readCount(source: string, at: number): { least: number; most: number; next: number } {
  const counted = /^\{(\d+)(,?)(\d*)\}\??/.exec(source.slice(at, at + 16))
  if (counted) {
    const least = Number(counted[1])
    const most = counted[2] ? Number(counted[3] || Number.POSITIVE_INFINITY) : least
    return { least, most, next: at + counted[0].length }
  }
  const sign = source.charAt(at)
  if (sign === '?' || sign === '*') return { least: 0, most: Number.POSITIVE_INFINITY, next: at + 1 }
  if (sign === '+') return { least: 1, most: Number.POSITIVE_INFINITY, next: at + 1 }
  return { least: 1, most: 1, next: at }
}

/** True where `source` from `from` to `to` has a `|` outside its groups. */
function hasChoice(source: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const sign = source.charAt(at)
    if (sign === '|') return true
    if (sign === '\\') at++
    else if (sign === '[') at = classEnd(source, at)
    else if (sign === '(') at = groupEnd(source, at)
  }
  return false
}

function groupEnd(source: string, open: number): number {
  for (let at = open + 1; at < source.length; at++) {
    const sign = source.charAt(at)
    if (sign === ')') return at
    if (sign === '\\') at++
    else if (sign === '[') at = classEnd(source, at)
    else if (sign === '(') at = groupEnd(source, at)
  }
  return source.length
}

function classEnd(source: string, open: number): number {
  let at = open + (source.charAt(open + 1) === '^' ? 3 : 2)
  while (at < source.length && source.charAt(at) !== ']') at += source.charAt(at) === '\\' ? 2 : 1
  return at
}
