/**
 * RE2 source as a tree, as far as the engine needs it: bytes, repeats and choices. What it does not know (beyond
 * ASCII, named classes, flags but `i`) becomes a node that says so, and nothing is concluded from it.
 */
import { byteClass, oneByte, shared } from './byte-class.ts'

export type PatternNode =
  | { kind: 'class'; table: Uint8Array }
  /** Matches without a byte; `whole` where it asks for nothing either, unlike `\b`. */
  | { kind: 'empty'; whole: boolean }
  | { kind: 'unknown' }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'choice'; parts: PatternNode[] }
  | { kind: 'repeat'; part: PatternNode; least: number; most: number }

interface Reader {
  source: string
  at: number
  ignoreCase: boolean
}

const shorthands: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: '\t\n\f\r ',
}
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }

let last: { source: string; tree: PatternNode } = { source: '', tree: { kind: 'sequence', parts: [] } }

/** The tree of a pattern that RE2 accepts. Several things are asked of one pattern in a row, so the last one is kept. */
export function parsePattern(source: string): PatternNode {
  if (last.source !== source) last = { source, tree: readChoice({ source, at: 0, ignoreCase: false }) }
  return last.tree
}

function readChoice(reader: Reader): PatternNode {
  const parts = [readSequence(reader)]
  while (reader.source[reader.at] === '|') {
    reader.at++
    parts.push(readSequence(reader))
  }
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts }
}

function readSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = []
  while (reader.at < reader.source.length && !'|)'.includes(reader.source.charAt(reader.at)))
    parts.push(readRepeat(reader, readAtom(reader)))
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sequence', parts }
}

function readRepeat(reader: Reader, part: PatternNode): PatternNode {
  const count = /^(?:\{(\d+)(,?)(\d*)\}|([?*+]))\??/.exec(reader.source.slice(reader.at, reader.at + 16))
  if (!count) return part
  reader.at += count[0].length
  const sign = count[4]
  const least = sign ? (sign === '+' ? 1 : 0) : Number(count[1])
  const bound = count[2] ? Number(count[3] || Number.POSITIVE_INFINITY) : least
  return { kind: 'repeat', part, least, most: sign ? (sign === '?' ? 1 : Number.POSITIVE_INFINITY) : bound }
}

function readAtom(reader: Reader): PatternNode {
  const sign = reader.source.charAt(reader.at++)
  if (sign === '(') return readGroup(reader)
  if (sign === '[') return readClass(reader)
  if (sign === '\\') return readEscape(reader)
  if (sign === '.') return classOf(negated(byteClass('\n')))
  if (sign === '^' || sign === '$') return { kind: 'empty', whole: false }
  return literal(reader, sign)
}

function readGroup(reader: Reader): PatternNode {
  const { ignoreCase } = reader
  const opening = /^\?(?::|i:|i\)|P?<[A-Za-z0-9_]+>)/.exec(reader.source.slice(reader.at, reader.at + 40))
  if (opening) reader.at += opening[0].length
  const known = opening !== null || reader.source[reader.at] !== '?'
  if (opening?.[0].startsWith('?i')) reader.ignoreCase = true
  // A flag without a group of its own holds to the end of the group around it.
  if (opening?.[0] === '?i)') return { kind: 'empty', whole: false }
  const inner = readChoice(reader)
  reader.at++
  reader.ignoreCase = ignoreCase
  return known ? inner : { kind: 'unknown' }
}

function readEscape(reader: Reader): PatternNode {
  const name = reader.source.charAt(reader.at++)
  if (name === 'b' || name === 'B' || name === 'A' || name === 'z') return { kind: 'empty', whole: false }
  const spec = shorthands[name.toLowerCase()]
  if (spec !== undefined)
    return classOf(name === name.toLowerCase() ? byteClass(spec) : negated(byteClass(spec)))
  const code = escapedCode(reader, name)
  return code === null ? { kind: 'unknown' } : literal(reader, code)
}

/** The character behind a backslash, or null. */
function escapedCode(reader: Reader, name: string): string | null {
  if (name === 'x') {
    const digits = /^[0-9A-Fa-f]{2}/.exec(reader.source.slice(reader.at, reader.at + 2))?.[0]
    if (digits === undefined) return null
    reader.at += 2
    return String.fromCharCode(Number.parseInt(digits, 16))
  }
  return controls[name] ?? (/[A-Za-z0-9]/.test(name) ? null : name)
}

function readClass(reader: Reader): PatternNode {
  const table = new Uint8Array(256)
  const not = reader.source[reader.at] === '^'
  if (not) reader.at++
  let understood = true
  for (let first = true; reader.at < reader.source.length; first = false) {
    if (reader.source[reader.at] === ']' && !first) break
    const from = readMember(reader, table)
    const range = reader.source[reader.at] === '-' && reader.source[reader.at + 1] !== ']'
    if (from === null) understood = false
    if (from === '' || from === null) continue
    let to = from
    if (range) {
      reader.at++
      to = readMember(reader, table) || from
    }
    if (to.charCodeAt(0) > 0x7f) understood = false
    else table.fill(1, from.charCodeAt(0), to.charCodeAt(0) + 1)
  }
  reader.at++
  if (!understood) return { kind: 'unknown' }
  if (reader.ignoreCase) foldCase(table)
  return classOf(not ? negated(table) : shared(table))
}

/** One character of a class; '' where it was a whole class of its own, now in `table`; null where not understood. */
function readMember(reader: Reader, table: Uint8Array): string | null {
  const sign = reader.source.charAt(reader.at++)
  if (sign === '[' && reader.source[reader.at] === ':') {
    reader.at = reader.source.indexOf(':]', reader.at) + 2
    return null
  }
  if (sign !== '\\') return sign
  const name = reader.source.charAt(reader.at++)
  const spec = shorthands[name]
  if (spec === undefined) return escapedCode(reader, name)
  byteClass(spec).forEach((is, byte) => (table[byte] = (table[byte] ?? 0) | is))
  return ''
}

function literal(reader: Reader, sign: string): PatternNode {
  if (sign.charCodeAt(0) > 0x7f) return { kind: 'unknown' }
  if (reader.ignoreCase && /[A-Za-z]/.test(sign))
    return classOf(byteClass(sign.toLowerCase() + sign.toUpperCase()))
  return classOf(oneByte(sign.charCodeAt(0)))
}

function classOf(table: Uint8Array): PatternNode {
  return { kind: 'class', table }
}

/** Bytes beyond ASCII are parts of characters, of which a negated class takes any. */
function negated(table: Uint8Array): Uint8Array {
  return shared(table.map((is, byte) => (byte > 0x7f ? 1 : 1 - is)))
}

function foldCase(table: Uint8Array): void {
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const is = (table[upper] ?? 0) | (table[upper + 0x20] ?? 0)
    table[upper] = is
    table[upper + 0x20] = is
  }
}
