/**
 * A pattern read into a tree, to say what it matches in words, how long that can be, and what RE2 or the engine will
 * not have. It reads all that the detectors use; what is refused in patterns of users is listed beside the tree,
 * so that the same tree serves for both.
 */
import { anyCharacter, type ClassNode, readClass, readEscape, shorthandClass } from './pattern-class.ts'

export type PatternNode =
  | { kind: 'text'; text: string }
  | ClassNode
  | { kind: 'edge' }
  | { kind: 'group'; branches: PatternNode[][]; secret: boolean; anyCase: boolean }
  | { kind: 'repeat'; node: PatternNode; least: number; most: number }

export interface PatternProblem {
  /** Character of the pattern, from 0. */
  at: number
  message: string
}

export interface PatternTree {
  root: PatternNode
  /** Capturing groups; the first is the secret. */
  groups: number
  /** What a pattern of a user may not hold. */
  problems: PatternProblem[]
}

/** Deeper nesting is refused: patterns are written by people. */
const deepest = 30

export interface PatternReader {
  text: string
  at: number
  depth: number
  groups: number
  problems: PatternProblem[]
}

/** Reads `pattern`; never throws. What is broken is told in `problems`. */
export function readPattern(pattern: string): PatternTree {
  const reader: PatternReader = { text: pattern, at: 0, depth: 0, groups: 0, problems: [] }
  const branches = readBranches(reader)
  if (reader.at < pattern.length) refuse(reader, reader.at, 'this ")" closes nothing')
  const root: PatternNode = { kind: 'group', branches, secret: false, anyCase: false }
  return { root, groups: reader.groups, problems: reader.problems }
}

function refuse(reader: PatternReader, at: number, message: string): void {
  reader.problems.push({ at, message })
}

function readBranches(reader: PatternReader): PatternNode[][] {
  let branch: PatternNode[] = []
  const branches = [branch]
  while (reader.at < reader.text.length) {
    const sign = reader.text.charAt(reader.at)
    if (sign === ')') break
    if (sign === '|') {
      reader.at++
      branch = []
      branches.push(branch)
      continue
    }
    const node = readRepeat(reader, readAtom(reader))
    const last = branch.at(-1)
    if (node.kind === 'text' && last?.kind === 'text') last.text += node.text
    else branch.push(node)
  }
  return branches
}

function readAtom(reader: PatternReader): PatternNode {
  const at = reader.at
  const sign = String.fromCodePoint(reader.text.codePointAt(at) ?? 0)
  reader.at += sign.length
  if (sign === '[') return readClass(reader)
  if (sign === '(') return readGroup(reader, at)
  if (sign === '.') return { kind: 'class', source: '.', characters: anyCharacter, wide: true }
  if (sign === '^' || sign === '$') return edge(reader, at, sign)
  if (/[*+?{]/.test(sign)) {
    refuse(reader, at, `"${sign}" has nothing before it to repeat; write \\${sign} for the sign itself`)
    return { kind: 'edge' }
  }
  if (sign !== '\\') return { kind: 'text', text: sign }
  return readEscaped(reader, at)
}

function readEscaped(reader: PatternReader, at: number): PatternNode {
  const name = reader.text.charAt(reader.at)
  if (/[bBAzZ]/.test(name)) {
    reader.at++
    return edge(reader, at, `\\${name}`)
  }
  if (/[1-9k]/.test(name)) {
    reader.at++
    refuse(reader, at, `"\\${name}" refers back to a group, which RE2 cannot; write that part out again`)
    return { kind: 'edge' }
  }
  const characters = shorthandClass(name)
  if (characters !== null) {
    reader.at++
    return { kind: 'class', source: `\\${name}`, characters, wide: /[A-Z]/.test(name) }
  }
  return { kind: 'text', text: readEscape(reader) }
}

function edge(reader: PatternReader, at: number, sign: string): PatternNode {
  refuse(
    reader,
    at,
    `"${sign}" is a boundary, and boundaries are the engine's: leave it out, and say in not_before and not_after which characters may not stand beside a match`,
  )
  return { kind: 'edge' }
}

function readGroup(reader: PatternReader, open: number): PatternNode {
  const form =
    /^\?(?:[=!]|<[=!])|^\?P?<[A-Za-z_]\w*>|^\?[a-zA-Z-]*[:)]|^\?/.exec(reader.text.slice(reader.at))?.[0] ??
    ''
  reader.at += form.length
  const looks = /^\?<?[=!]/.test(form)
  const secret = form === '' || form.endsWith('>')
  if (looks) {
    refuse(
      reader,
      open,
      `"(${form}" looks around, which RE2 cannot: say in not_before and not_after which characters may not stand beside a match`,
    )
  } else if (form.endsWith('>'))
    refuse(reader, open, 'groups have no names: the first ( … ) is the secret, (?: … ) is no group')
  else if (form !== '' && form !== '?:') {
    refuse(reader, open, `"(${form}" sets flags, which are not supported: write [Aa] for either case`)
  }
  if (form.endsWith(')')) return { kind: 'edge' }
  if (secret) reader.groups++
  const first = secret && reader.groups === 1
  if (++reader.depth > deepest) {
    refuse(reader, open, `groups are nested more than ${deepest} deep`)
    reader.at = reader.text.length
    return { kind: 'edge' }
  }
  const branches = readBranches(reader)
  reader.depth--
  if (reader.at >= reader.text.length) refuse(reader, open, 'this "(" is never closed')
  reader.at++
  if (looks) return { kind: 'edge' }
  return { kind: 'group', branches, secret: first, anyCase: /i/.test(form) && form !== '' }
}

function readRepeat(reader: PatternReader, node: PatternNode): PatternNode {
  const at = reader.at
  const form = /^(?:[*+?]|\{\d{1,9}(?:,\d{0,9})?\})\??/.exec(reader.text.slice(at))?.[0]
  if (form === undefined) return node
  reader.at += form.length
  const [least, most] = bounds(form)
  if (most === Number.POSITIVE_INFINITY) {
    refuse(reader, at, `"${form}" has no upper bound; write {${least},200} or whatever the longest value is`)
  } else if (most < least || most > 1000) {
    refuse(reader, at, `"${form}" must count from the lower to the higher, at most to 1000`)
  }
  if (/^[*+?{]/.test(reader.text.slice(reader.at)))
    refuse(reader, reader.at, 'a repetition cannot be repeated; put it in (?: … )')
  return { kind: 'repeat', node, least, most: Math.max(least, most) }
}

function bounds(form: string): [number, number] {
  if (form.startsWith('*')) return [0, Number.POSITIVE_INFINITY]
  if (form.startsWith('+')) return [1, Number.POSITIVE_INFINITY]
  if (form.startsWith('?')) return [0, 1]
  const [, low = '0', comma, high = ''] = /^\{(\d+)(,?)(\d*)\}/.exec(form) ?? []
  const least = Number(low)
  return [least, comma === '' ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high)]
}
