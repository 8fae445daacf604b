/**
 * Tables as browsers and password managers export them: the first row names the columns. Format: RFC 4180. Line ends may be
 * written as `\n`, and quotes with a backslash, where the table stands in a text of a program.
 */
import type { BlockPart } from '../../src/model/detector.ts'
import { isStandIn } from './reference.ts'

const columnName = /^(?:login_)?password$/i
/** A password manager keeps longer texts too, as notes. */
const shortest = 4
const longest = 200

/** Where the passwords of a table stand, which begins with its header; [start, end) each. */
export function passwordCells(block: Buffer, longestBlock: number): BlockPart[] {
  const text = block.toString('latin1')
  const rows = rowsOf(text)
  const header = rows.next().value ?? []
  const column = header.findIndex(([start, end]) => columnName.test(text.slice(start, end)))
  const found: BlockPart[] = []
  if (column < 0) return found
  for (const row of rows) {
    // Something else begins here. What the end of the block cuts is not whole.
    if (row.length !== header.length || row.at(-1)?.[1] === longestBlock) break
    const cell = row[column]
    if (cell && isPassword(text.slice(...cell))) found.push(cell)
  }
  return found
}

function isPassword(value: string): boolean {
  return value.length >= shortest && value.length <= longest && !isStandIn(value)
}

function* rowsOf(text: string): Generator<BlockPart[], undefined> {
  let row: BlockPart[] = []
  for (let at = 0; at <= text.length; ) {
    const cell = cellAt(text, at)
    row.push(cell.span)
    const end = lineEnd(text, cell.end)
    if (end === cell.end && text[end] === ',') {
      at = end + 1
      continue
    }
    if (end > cell.end || end === text.length) {
      yield row
      at = end > cell.end ? end : text.length + 1
    } else at = nextLine(text, cell.end)
    row = []
  }
}

function cellAt(text: string, start: number): { span: BlockPart; end: number } {
  const quote = matchAt(/\\{0,3}"/y, text, start)
  if (quote === '') {
    const end = start + matchAt(/(?:[^,\r\n\\]|\\(?!\\{0,2}r?n|r\\))*/y, text, start).length
    return { span: [start, end], end }
  }
  let end = text.indexOf(quote, start + quote.length)
  while (end >= 0 && text.startsWith(quote, end + quote.length))
    end = text.indexOf(quote, end + 2 * quote.length)
  if (end < 0) end = text.length
  return { span: [start + quote.length, end], end: Math.min(text.length, end + quote.length) }
}

/** Where the line ends in which something else follows a quote than the next cell: it is passed over. */
function nextLine(text: string, from: number): number {
  const feed = text.indexOf('\n', from)
  return feed < 0 ? text.length + 1 : feed + 1
}

/** Behind the end of a line that stands at a place; the place itself where none does. */
function lineEnd(text: string, at: number): number {
  return at + matchAt(/\r?\n|(?:\\{1,3}r)?\\{1,3}n/y, text, at).length
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
