/**
 * Draws tables for a terminal: columns as wide as their content, the last one takes the rest of the line and
 * wraps. Callers pass text that is already safe (`visible`); colour is put on last, so that widths stay true.
 */
import { styleText } from 'node:util'
import { columnsOf, wrap } from './terminal-text.ts'

type Style = Parameters<typeof styleText>[0]

/** One cell: its lines, and how they look. */
export interface Cell {
  lines: string[]
  style?: Style
}

export interface TableOptions {
  /** Columns of the terminal. */
  width: number
  color: boolean
}

const gap = '  '
/** A narrower last column than this is not readable; the table then grows past the terminal. */
const narrowestLast = 24
/** Up to here the last column takes from the first: paths are long, and names wrap better. */
const wantedLast = 48
const narrowestFirst = 20

/** The table as text with a line break at its end; empty when there are no rows. */
export function drawTable(head: readonly string[], rows: readonly Cell[][], options: TableOptions): string {
  if (rows.length === 0) return ''
  const paint = options.color ? colored : plain
  const widths = columnWidths(head, rows, options.width)
  const lines = [drawLine(head, widths, () => 'bold', paint)]
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.lines.flatMap((line) => wrap(line, widths[column] ?? 1)))
    const height = Math.max(...cells.map((cell) => cell.length))
    for (let index = 0; index < height; index += 1) {
      const texts = cells.map((cell) => cell[index] ?? '')
      lines.push(drawLine(texts, widths, (column) => row[column]?.style, paint))
    }
  }
  return `${lines.join('\n')}\n`
}

function columnWidths(head: readonly string[], rows: readonly Cell[][], width: number): number[] {
  const widths = head.map((title, column) => {
    const cells = rows.flatMap((row) => row[column]?.lines ?? [])
    return cells.reduce((most, line) => Math.max(most, columnsOf(line)), columnsOf(title))
  })
  const last = widths.length - 1
  const rest = (): number =>
    width - gap.length * last - widths.slice(0, last).reduce((sum, one) => sum + one, 0)
  const wanted = Math.max(narrowestLast, Math.min(wantedLast, widths[last] ?? 0))
  if (rest() < wanted) {
    const first = widths[0] ?? 0
    widths[0] = Math.max(Math.min(first, narrowestFirst), first - (wanted - rest()))
  }
  widths[last] = Math.max(narrowestLast, Math.min(widths[last] ?? 0, rest()))
  return widths
}

function drawLine(
  texts: readonly string[],
  widths: readonly number[],
  styleOf: (column: number) => Style | undefined,
  paint: (style: Style, text: string) => string,
): string {
  const cells = texts.map((text, column) => {
    const style = styleOf(column)
    const shown = style === undefined || text === '' ? text : paint(style, text)
    const padding = column === texts.length - 1 ? 0 : Math.max(0, (widths[column] ?? 0) - columnsOf(text))
    return shown + ' '.repeat(padding)
  })
  return cells.join(gap).trimEnd()
}

/** The caller knows whether the output is a terminal; `styleText` would look at another stream. */
function colored(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false })
}

function plain(_style: Style, text: string): string {
  return text
}
