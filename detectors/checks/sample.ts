/**
 * Makes a random text that a detector's pattern matches. It reads the small part of RE2 that the detectors
 * use: literals, classes, groups, alternation and bounded counts; that is enough to mint made-up values of
 * formats without a check, so that no example has to be written down.
 */
import { between, type Random } from './random.ts'

type Node =
  | { kind: 'class'; characters: string }
  | { kind: 'group'; branches: Node[][] }
  | { kind: 'repeat'; node: Node; low: number; high: number }

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')

/** A text that `pattern` matches whole. Counts are drawn from the bottom when `shortest` is set. */
export function sample(pattern: string, random: Random, shortest = false): string {
  const reader = { text: pattern, at: 0 }
  return emit({ kind: 'group', branches: readBranches(reader) }, random, shortest)
}

function emit(node: Node, random: Random, shortest: boolean): string {
  if (node.kind === 'class') return node.characters.charAt(Math.floor(random() * node.characters.length))
  if (node.kind === 'repeat') {
    // Long open ends would make examples of kilobytes: a few characters above the lower bound are enough.
    const count = shortest ? node.low : between(random, node.low, Math.min(node.high, node.low + 8))
    return Array.from({ length: count }, () => emit(node.node, random, shortest)).join('')
  }
  const branch = node.branches[Math.floor(random() * node.branches.length)] ?? []
  return branch.map((part) => emit(part, random, shortest)).join('')
}

interface Reader {
  text: string
  at: number
}

function readBranches(reader: Reader): Node[][] {
  const branches: Node[][] = [[]]
  while (reader.at < reader.text.length) {
    const character = reader.text.charAt(reader.at)
    if (character === ')') break
    if (character === '|') {
      reader.at++
      branches.push([])
      continue
    }
    branches.at(-1)?.push(readRepeat(reader, readAtom(reader)))
  }
  return branches
}

function readAtom(reader: Reader): Node {
  const character = reader.text.charAt(reader.at++)
  if (character === '[') return { kind: 'class', characters: readClass(reader) }
  if (character === '\\') return { kind: 'class', characters: escaped(reader.text.charAt(reader.at++)) }
  if (character === '.') return { kind: 'class', characters: printable }
  if (character !== '(') return { kind: 'class', characters: character }
  if (reader.text.startsWith('?', reader.at)) reader.at = reader.text.indexOf(':', reader.at) + 1
  const group: Node = { kind: 'group', branches: readBranches(reader) }
  reader.at++
  return group
}

function readRepeat(reader: Reader, node: Node): Node {
  const count = /^(?:\{(\d+)(,?)(\d*)\}|\?)/.exec(reader.text.slice(reader.at, reader.at + 12))
  if (!count) return node
  reader.at += count[0].length
  if (count[0] === '?') return { kind: 'repeat', node, low: 0, high: 1 }
  const low = Number(count[1])
  const high = count[2] ? Number(count[3] || low) : low
  return { kind: 'repeat', node, low, high }
}

function readClass(reader: Reader): string {
  const negated = reader.text.charAt(reader.at) === '^'
  if (negated) reader.at++
  let characters = ''
  while (reader.text.charAt(reader.at) !== ']') {
    let from = reader.text.charAt(reader.at++)
    if (from === '\\') from = escaped(reader.text.charAt(reader.at++))
    if (reader.text.charAt(reader.at) === '-' && reader.text.charAt(reader.at + 1) !== ']') {
      const last = reader.text.charCodeAt(reader.at + 1)
      reader.at += 2
      for (let code = from.charCodeAt(0); code <= last; code++) characters += String.fromCharCode(code)
    } else characters += from
  }
  reader.at++
  return negated
    ? printable
        .split('')
        .filter((one) => !characters.includes(one))
        .join('')
    : characters
}

function escaped(character: string): string {
  if (character === 'n') return '\n'
  if (character === 'r') return '\r'
  if (character === 't') return '\t'
  if (character === 's') return ' '
  if (character === 'S') return printable.slice(1)
  if (character === 'd') return '0123456789'
  return character
}
