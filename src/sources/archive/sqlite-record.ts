/** A row of a SQLite table: its texts and blobs, and the names of the columns, out of the SQL that made the table. */
import { readVarint } from './sqlite-btree.ts'

export type TextEncoding = 'utf8' | 'utf16le' | 'utf16be'

/** Bytes of a value by its serial type below 12. */
const fixedSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0]

/**
 * The texts (as UTF-8) and blobs of a record, by their column. What a cut record lacks is left out.
 * @param numbers give whole numbers, too, written out
 */
export function recordValues(
  payload: Buffer,
  encoding: TextEncoding,
  numbers = false,
): [column: number, value: Buffer][] {
  const values: [number, Buffer][] = []
  const [headerLength, first] = readVarint(payload, 0)
  const end = Math.min(headerLength, payload.length)
  let at = headerLength
  let field = first
  for (let column = 0; field < end; column++) {
    const [type, next] = readVarint(payload, field)
    field = next
    const size = type < 12 ? (fixedSizes[type] ?? 0) : Math.floor((type - 12) / 2)
    const bytes = payload.subarray(at, at + size)
    at += size
    if (type >= 12) {
      if (bytes.length > 0) values.push([column, type % 2 === 1 ? asUtf8(bytes, encoding) : bytes])
    } else if (numbers && type >= 1 && type <= 5 && bytes.length === size) {
      values.push([column, Buffer.from(String(bytes.readIntBE(0, size)))])
    } else if (numbers && type === 9) values.push([column, Buffer.from('1')])
  }
  return values
}

function asUtf8(bytes: Buffer, encoding: TextEncoding): Buffer {
  if (encoding === 'utf8') return bytes
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  return Buffer.from((encoding === 'utf16be' ? whole.swap16() : whole).toString('utf16le'))
}

const identifier = /^\s*(?:"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]]*)\]|([^\s,()]+))/
const longestSql = 100_000

/** Columns in their order, as far as they can be read; a wrong one only names a value wrongly. */
export function columnNames(sql: string): string[] {
  const from = sql.indexOf('(')
  const names: string[] = []
  let depth = 0
  let quote = ''
  let start = from + 1
  for (let at = from; at >= 0 && at < Math.min(sql.length, longestSql); at++) {
    const sign = sql.charAt(at)
    if (quote !== '') {
      if (sign === quote) quote = ''
    } else if (/['"`]/.test(sign)) quote = sign
    else if (sign === '(') depth++
    else if (sign === ')') depth--
    if ((depth === 1 && sign === ',' && quote === '') || depth === 0) {
      const found = identifier.exec(sql.slice(start, at))
      names.push(found?.slice(1).find((name) => name !== undefined) ?? '')
      start = at + 1
    }
    if (depth === 0) break
  }
  return names
}
