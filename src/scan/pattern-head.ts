/**
 * What a pattern asks of its bytes, read off its source: which bytes may stand at each of the first places and at
 * each of the last. Nearly all candidates fail it, which spares them RE2. It may ask for less than the pattern
 * does, never for more: where places depend on one another, each is taken for itself.
 */
import { oneByte, shared, union } from './byte-class.ts'
import { type PatternNode, parsePattern } from './pattern-parse.ts'

export interface PatternHead {
  /** For each of the first bytes of every match, a table with 1 for those that may stand there. */
  tables: readonly Uint8Array[]
  /** Length of every match, where the tables say all that the pattern says; else 0. */
  length: number
}

/** More would hardly sort out anything. */
const longest = 160
/** Behind a part of many lengths anything may stand anywhere. */
const mostLengths = 3

/** The head of `source`; an empty one where its beginning is not understood. */
export function patternHead(source: string): PatternHead {
  const { tables, lengths, whole } = reach(parsePattern(source), longest)
  const only = lengths.length === 1 ? (lengths[0] ?? 0) : 0
  return { tables, length: whole && only < longest ? only : 0 }
}

/** What stands at the end of every match, last byte first; empty where the end is not understood. */
export function patternTail(source: string): readonly Uint8Array[] {
  return reach(mirrored(parsePattern(source)), longest).tables
}

/** What stands behind `text` in every match, where the pattern spells its end once, and outside of groups; else empty. */
export function headBehind(source: string, text: string): readonly Uint8Array[] {
  const tree = parsePattern(source)
  if (tree.kind !== 'sequence') return []
  const last = oneByte(text.charCodeAt(text.length - 1))
  const at = tree.parts.findIndex((part) => part.kind === 'class' && part.table === last)
  if (at < 0 || timesOf(tree, last) !== 1) return []
  return reach({ kind: 'sequence', parts: tree.parts.slice(at + 1) }, longest).tables
}

/** How often a class is spelled anywhere in a pattern; infinity where that is not understood. */
function timesOf(node: PatternNode, table: Uint8Array): number {
  switch (node.kind) {
    case 'class':
      return node.table === table ? 1 : 0
    case 'repeat':
      return timesOf(node.part, table)
    case 'sequence':
    case 'choice':
      return node.parts.reduce((sum, part) => sum + timesOf(part, table), 0)
    case 'empty':
      return 0
    case 'unknown':
      return Number.POSITIVE_INFINITY
  }
}

/** All bytes a match may hold, or null where that is not understood. */
export function patternBytes(source: string): Uint8Array | null {
  return bytesOf(parsePattern(source))
}

/** How many bytes of `set` every match begins with at least. */
export function leadingRun(source: string, set: Uint8Array): number {
  return runOf(parsePattern(source), set).least
}

/** True where the bytes from `at` on begin as `head` asks. */
export function beginsAs({ tables }: PatternHead, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < tables.length; i++) if (tables[i]?.[bytes[at + i] ?? 0x100] !== 1) return false
  return true
}

/** The first places of a node's matches. */
interface Places {
  /** What may stand at each place, in matches that are that long. */
  tables: Uint8Array[]
  /** Lengths of matches; those that go on beyond the room count as long as it. */
  lengths: number[]
  /** From here on nothing is known. */
  known: number
  /** The tables say all that the node says. */
  whole: boolean
}

function reach(node: PatternNode, room: number): Places {
  const { tables, lengths, known, whole } = placesOf(node, room)
  return { tables: tables.slice(0, Math.min(known, ...lengths)), lengths, known, whole }
}

function placesOf(node: PatternNode, room: number): Places {
  switch (node.kind) {
    case 'class':
      return { tables: [node.table], lengths: [1], known: room, whole: true }
    case 'empty':
      return { tables: [], lengths: [0], known: room, whole: node.whole }
    case 'unknown':
      return { tables: [], lengths: [], known: 0, whole: false }
    case 'sequence':
      return node.parts.reduce(
        (before: Places, part) =>
          goesOn(before, room) ? extend(before, placesOf(part, room), room) : before,
        nothing(room),
      )
    case 'choice':
      return node.parts.map((part) => placesOf(part, room)).reduce(either)
    case 'repeat':
      return repeated(node, room)
  }
}

function nothing(room: number): Places {
  return { tables: [], lengths: [0], known: room, whole: true }
}

function goesOn({ lengths, known }: Places, room: number): boolean {
  const end = Math.min(room, known)
  for (const length of lengths) if (length < end) return true
  return false
}

function repeated({ part, least, most }: PatternNode & { kind: 'repeat' }, room: number): Places {
  const one = placesOf(part, room)
  let result = nothing(room)
  for (let count = 0; count < least && goesOn(result, room); count++) result = extend(result, one, room)
  if (least === most) return result
  const maybe = either(one, nothing(room))
  for (let count = least; count < most && goesOn(result, room); count++) {
    if (result.lengths.length > mostLengths) break
    const longer = join(result, maybe, room)
    if (longer.lengths.length === result.lengths.length && longer.tables.length === result.tables.length)
      break
    result = longer
  }
  return { ...result, whole: false }
}

function join(before: Places, next: Places, room: number): Places {
  return extend({ ...before, tables: [...before.tables] }, next, room)
}

/** As `join`; `before` is used up. */
function extend(before: Places, next: Places, room: number): Places {
  const { tables } = before
  const lengths: number[] = []
  let { known } = before
  for (const from of before.lengths) {
    if (from >= room) {
      if (!lengths.includes(room)) lengths.push(room)
      continue
    }
    for (let i = 0; i < next.tables.length && from + i < room; i++)
      tables[from + i] = both(tables[from + i], next.tables[i])
    for (const more of next.lengths) {
      const length = Math.min(from + more, room)
      if (!lengths.includes(length)) lengths.push(length)
    }
    known = Math.min(known, from + next.known)
  }
  if (lengths.length > mostLengths) known = Math.min(known, ...lengths)
  const whole = before.whole && next.whole && before.lengths.length === 1
  return { tables, lengths, known, whole }
}

function either(a: Places, b: Places): Places {
  const [long, short] = a.tables.length >= b.tables.length ? [a, b] : [b, a]
  return {
    tables: long.tables.map((table, i) => both(short.tables[i], table)),
    lengths: [...new Set([...a.lengths, ...b.lengths])],
    known: Math.min(a.known, b.known),
    whole: false,
  }
}

function both(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array {
  return a && b ? union(a, b) : (a ?? b ?? anything)
}

const anything = shared(new Uint8Array(256).fill(1))
const nobody = shared(new Uint8Array(256))

function mirrored(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'sequence':
      return { kind: 'sequence', parts: node.parts.map(mirrored).reverse() }
    case 'choice':
      return { kind: 'choice', parts: node.parts.map(mirrored) }
    case 'repeat':
      return { ...node, part: mirrored(node.part) }
    default:
      return node
  }
}

function bytesOf(node: PatternNode): Uint8Array | null {
  switch (node.kind) {
    case 'class':
      return node.table
    case 'empty':
      return nobody
    case 'unknown':
      return null
    case 'repeat':
      return bytesOf(node.part)
    default:
      return node.parts.map(bytesOf).reduce((a, b) => a && b && union(a, b), nobody)
  }
}

/** Least number of leading bytes that are of `set`, and whether all bytes of all matches are. */
function runOf(node: PatternNode, set: Uint8Array): { least: number; all: boolean } {
  switch (node.kind) {
    case 'class': {
      const all = union(node.table, set) === set
      return { least: all ? 1 : 0, all }
    }
    case 'empty':
      return { least: 0, all: true }
    case 'unknown':
      return { least: 0, all: false }
    case 'repeat': {
      const { least, all } = runOf(node.part, set)
      if (all) return { least: least * node.least, all }
      return { least: node.least > 0 ? least : 0, all: node.most === 0 }
    }
    case 'choice': {
      const parts = node.parts.map((part) => runOf(part, set))
      return { least: Math.min(...parts.map(({ least }) => least)), all: parts.every(({ all }) => all) }
    }
    case 'sequence': {
      let sum = 0
      for (const part of node.parts) {
        const { least, all } = runOf(part, set)
        sum += least
        if (!all) return { least: sum, all: false }
      }
      return { least: sum, all: true }
    }
  }
}
