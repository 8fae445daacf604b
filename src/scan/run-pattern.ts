/**
 * Patterns that need no search: runs of characters one after the other, of which each ends where the next begins. Most
 * formats of tokens are such. They are matched here byte by byte: RE2 takes up to 24 ms to make what it needs for a run
 * of a thousand characters, and a small scan would spend most of its time on that.
 */
import { type PatternNode, parsePattern } from './pattern-parse.ts'

/** Where the match that begins at `at` ends (exclusive), or -1. */
export type RunMatcher = (bytes: Buffer, at: number) => number

/** Characters of one set, so many of them. */
interface Run {
  table: Uint8Array
  least: number
  most: number
}

/** One of several texts of fixed length, no two of which can stand at the same place. */
interface Choice {
  texts: Uint8Array[][]
}

type Part = Run | Choice

/** A matcher that agrees with RE2 on `source`, which holds no group that captures; null where only RE2 can tell. */
export function runMatcher(source: string): RunMatcher | null {
  // What is lazy stops as early as it can; runs do not.
  if (/[*+?}]\?/.test(source.replace(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]/gs, 'x'))) return null
  const parts = partsOf(parsePattern(source))
  if (!parts || !isPlain(parts)) return null
  return (bytes, start) => {
    let at = start
    for (const part of parts) {
      at = 'texts' in part ? endOfChoice(part, bytes, at) : endOfRun(part, bytes, at)
      if (at < 0) return -1
    }
    return at
  }
}

function endOfRun({ table, least, most }: Run, bytes: Buffer, start: number): number {
  const limit = Math.min(start + most, bytes.length)
  let at = start
  while (at < limit && table[bytes[at] as number] === 1) at++
  return at - start < least ? -1 : at
}

function endOfChoice({ texts }: Choice, bytes: Buffer, start: number): number {
  for (const tables of texts)
    if (tables.every((table, i) => table[bytes[start + i] ?? 0x100] === 1)) return start + tables.length
  return -1
}

/** The parts of a node, runs of one set joined; null where it holds what is neither. */
function partsOf(node: PatternNode): Part[] | null {
  switch (node.kind) {
    case 'class':
      // A character beyond ASCII is several bytes.
      return node.table.includes(1, 0x80) ? null : [{ table: node.table, least: 1, most: 1 }]
    case 'sequence':
      return joined(node.parts.map(partsOf))
    case 'repeat': {
      const [run, ...more] = partsOf(node.part) ?? []
      if (!run || more.length > 0 || 'texts' in run || run.least !== run.most) return null
      // All of a text or nothing of it.
      if (run.least > 1 && node.least !== node.most) return null
      return [{ table: run.table, least: run.least * node.least, most: run.most * node.most }]
    }
    case 'choice': {
      const texts = node.parts.map((part) => textOf(partsOf(part)))
      const all = texts.filter((text) => text !== null)
      return all.length === texts.length && areApart(all) ? [{ texts: all }] : null
    }
    default:
      return null
  }
}

function joined(lists: readonly (Part[] | null)[]): Part[] | null {
  const parts: Part[] = []
  for (const list of lists) {
    if (!list) return null
    for (const part of list) {
      const last = parts.at(-1)
      if (last && 'table' in last && 'table' in part && last.table === part.table) {
        last.least += part.least
        last.most += part.most
      } else parts.push({ ...part })
    }
  }
  return parts
}

/** The sets of a text of fixed length. */
function textOf(parts: Part[] | null): Uint8Array[] | null {
  const tables: Uint8Array[] = []
  for (const part of parts ?? []) {
    if ('texts' in part || part.least !== part.most) return null
    for (let i = 0; i < part.least; i++) tables.push(part.table)
  }
  return tables.length > 0 ? tables : null
}

/** At some place of both, no two texts can have the same byte. */
function areApart(texts: readonly Uint8Array[][]): boolean {
  return texts.every((a, i) =>
    texts.slice(i + 1).every((b) => a.some((table, at) => b[at] !== undefined && isDisjoint(table, b[at]))),
  )
}

/** No byte with which a run could go on is one with which the pattern may go on behind it. */
function isPlain(parts: readonly Part[]): boolean {
  return parts.every((run, i) => {
    if ('texts' in run || run.least === run.most) return true
    for (const next of parts.slice(i + 1)) {
      const firsts = 'texts' in next ? next.texts.flatMap(([first]) => first ?? []) : [next.table]
      if (!firsts.every((first) => isDisjoint(run.table, first))) return false
      if ('texts' in next || next.least > 0) return true
    }
    return true
  })
}

function isDisjoint(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((is, byte) => is === 0 || b[byte] === 0)
}
