/**
 * The text that a page of a PDF shows, out of the commands that draw it. Pieces of a line are joined as they are spaced:
 * words are drawn in parts, to move letters closer together, and a token must come out in one piece.
 */
import type { FontMap, FontMaps } from './pdf-fonts.ts'

/** Thousandths of the font's size: a gap as wide as this is a space. */
const spaceWidth = 180
const longestOperands = 64

type Operand = string | number | { bytes: Buffer } | Operand[]

/** Whether content draws text at all. */
export function holdsText(content: Buffer): boolean {
  return /\bBT\b/.test(content.toString('latin1')) && /\b(?:Tj|TJ)\b|['"]\s/.test(content.toString('latin1'))
}

/** Its lines, in the order in which they are drawn. */
export function textOfContent(content: Buffer, fonts: FontMaps): string {
  let text = ''
  let font: FontMap | undefined
  let operands: Operand[] = []
  let height = 0
  const line = () => void (text !== '' && !text.endsWith('\n') && (text += '\n'))
  const show = (operand: Operand | undefined) => (text += shown(operand, font))
  for (const token of tokens(content.toString('latin1'))) {
    if (typeof token !== 'object' || !('command' in token)) {
      if (operands.length < longestOperands) operands.push(token)
      continue
    }
    const last = operands.at(-1)
    switch (token.command) {
      case 'Tf':
        font = typeof operands[0] === 'string' ? fonts.get(operands[0]) : undefined
        break
      case 'Tj':
      case 'TJ':
        show(last)
        break
      case "'":
      case '"':
        line()
        show(last)
        break
      case 'Td':
      case 'TD':
        if (last !== 0) line()
        else if (!/\s$/.test(text)) text += ' '
        break
      case 'Tm':
        if (last !== height) line()
        else if (!/\s$/.test(text)) text += ' '
        height = typeof last === 'number' ? last : 0
        break
      case 'T*':
      case 'ET':
        line()
        break
    }
    operands = []
  }
  return text
}

function shown(operand: Operand | undefined, font: FontMap | undefined): string {
  if (Array.isArray(operand)) {
    return operand
      .map((part) => (typeof part === 'number' ? (part < -spaceWidth ? ' ' : '') : shown(part, font)))
      .join('')
  }
  return typeof operand === 'object' && 'bytes' in operand ? decoded(operand.bytes, font) : ''
}

function decoded(bytes: Buffer, font: FontMap | undefined): string {
  if (!font) return bytes.toString('latin1')
  let text = ''
  for (let at = 0; at + font.width <= bytes.length; at += font.width)
    text += font.characters.get(bytes.readUIntBE(at, font.width)) ?? ''
  return text
}

/** Operands and commands. A picture in a page, `ID … EI`, is passed over. */
function* tokens(text: string): Generator<Operand | { command: string }> {
  const pattern =
    /\(|<<|>>|<[0-9A-Fa-f\s]*>|\[|\]|\/[^\s/<>[\]()]*|[+-]?\d*\.?\d+|[A-Za-z'"*][A-Za-z0-9*]*|%[^\r\n]*/g
  let list: Operand[] | null = null
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [found] = match
    let operand: Operand | null = null
    if (found === '(') {
      const { bytes, end } = literal(text, pattern.lastIndex)
      pattern.lastIndex = end
      operand = { bytes }
    } else if (/^<[^<]/.test(found)) operand = { bytes: Buffer.from(found.replace(/[<>\s]/g, ''), 'hex') }
    else if (found === '[') list = []
    else if (found === ']') {
      operand = list ?? []
      list = null
    } else if (found.startsWith('/')) operand = found.slice(1)
    else if (/^[+-.\d]/.test(found)) operand = Number(found)
    else if (found === 'ID') pattern.lastIndex = pictureEnd(text, pattern.lastIndex)
    else if (/^[A-Za-z'"*]/.test(found)) yield { command: found }
    if (operand === null) continue
    if (list && list !== operand) list.push(operand)
    else yield operand
  }
}

function pictureEnd(text: string, from: number): number {
  const end = text.slice(from).search(/\sEI\s/)
  return end < 0 ? text.length : from + end + 3
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** A text in round brackets, which may nest, from behind the first. */
function literal(text: string, from: number): { bytes: Buffer; end: number } {
  let out = ''
  let depth = 1
  let at = from
  for (; at < text.length; at++) {
    const sign = text.charAt(at)
    if (sign === '\\') {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0]
      const next = text.charAt(at + 1)
      if (octal) out += String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
      else if (next !== '\n' && next !== '\r') out += escapes[next] ?? next
      at += octal?.length ?? 1
      continue
    }
    if (sign === '(') depth++
    else if (sign === ')' && --depth === 0) break
    out += sign
  }
  return { bytes: Buffer.from(out, 'latin1'), end: at + 1 }
}
