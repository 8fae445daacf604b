/**
 * Character classes and escapes of a pattern, as the characters they stand for. Of what lies beyond ASCII only is
 * known that it is there (`wide`): such characters take up to four bytes.
 */
import type { PatternReader } from './pattern-tree.ts'

export interface ClassNode {
  kind: 'class'
  /** As written. */
  source: string
  /** Its printable ASCII characters, with tab and line breaks. */
  characters: string
  /** It holds characters beyond ASCII. */
  wide: boolean
}

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')
const space = '\t\n\f\r '
const everything = `${printable}\t\n\f\r`
const digits = '0123456789'
const word = `${digits}ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`
const control: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' }

/** What `.` matches. */
export const anyCharacter = everything.replace('\n', '')

/** The characters of `\d`, `\w`, `\s` and their opposites; null for any other name. */
export function shorthandClass(name: string): string | null {
  const plain = name === 'd' || name === 'D' ? digits : name === 'w' || name === 'W' ? word : space
  if (/^[dws]$/.test(name)) return plain
  return /^[DWS]$/.test(name) ? without(everything, plain) : null
}

/** The character of an escape, the reader standing behind its backslash. */
export function readEscape(reader: PatternReader): string {
  const at = reader.at - 1
  const coded = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(
    reader.text.slice(reader.at, reader.at + 10),
  )
  if (coded) {
    reader.at += coded[0].length
    const code = Number.parseInt(coded[1] ?? coded[2] ?? '', 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : ''
  }
  const name = reader.text.charAt(reader.at)
  reader.at += name.length
  if (control[name] !== undefined) return control[name]
  if (!/^[!-/:-@[-`{-~]$/.test(name)) {
    reader.problems.push({ at, message: `"\\${name}" is not supported; \\d \\w \\s \\n \\r \\t \\xHH are` })
  }
  return name
}

/** A class, the reader standing behind its `[`. */
export function readClass(reader: PatternReader): ClassNode {
  const open = reader.at - 1
  const negated = reader.text.charAt(reader.at) === '^'
  if (negated) reader.at++
  const refuse = (message: string) => reader.problems.push({ at: open, message })
  if (reader.text.charAt(reader.at) === ']') refuse('an empty class; write \\] for the sign itself')
  let characters = ''
  let wide = negated
  while (reader.at < reader.text.length && reader.text.charAt(reader.at) !== ']') {
    if (reader.text.startsWith('[:', reader.at)) refuse('"[:" is not supported; write the characters out')
    const shorthand =
      reader.text.charAt(reader.at) === '\\' ? shorthandClass(reader.text.charAt(reader.at + 1)) : null
    if (shorthand !== null) {
      wide ||= /[A-Z]/.test(reader.text.charAt(reader.at + 1))
      reader.at += 2
      characters += shorthand
      continue
    }
    const from = readMember(reader)
    let to = from
    if (
      reader.text.charAt(reader.at) === '-' &&
      !/^-\]?$|^-\]/.test(reader.text.slice(reader.at, reader.at + 2))
    ) {
      reader.at++
      to = readMember(reader)
    }
    if (to < from) refuse('a range must go from the lower to the higher character')
    if (to > 0x7e) wide = true
    for (let code = from; code <= Math.min(to, 0x7e); code++) characters += String.fromCharCode(code)
  }
  if (reader.at >= reader.text.length) refuse('this "[" is never closed')
  reader.at++
  const members = negated ? without(everything, characters) : characters
  if (members === '' && !wide) refuse('this class holds no character')
  return { kind: 'class', source: reader.text.slice(open, reader.at), characters: members, wide }
}

function readMember(reader: PatternReader): number {
  if (reader.text.charAt(reader.at) === '\\') {
    reader.at++
    return readEscape(reader).codePointAt(0) ?? 0
  }
  const code = reader.text.codePointAt(reader.at) ?? 0
  reader.at += code > 0xffff ? 2 : 1
  return code
}

function without(characters: string, taken: string): string {
  return Array.from(characters)
    .filter((one) => !taken.includes(one))
    .join('')
}
