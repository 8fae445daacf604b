/**
 * SQLite: the rows of each table as text, one value a line with the name of its column. In the file itself the values of a
 * row stand without anything between them, and long ones in pieces on pages far apart, so that a scan of the bytes alone
 * misses them. Format: https://www.sqlite.org/fileformat2.html
 */

import type { Stretches } from './blanked.ts'
import { type Budget, boundMember, countMember } from './limits.ts'
import type { PackedMember } from './members.ts'
import type { RandomAccess } from './random-access.ts'
import { BtreeReader } from './sqlite-btree.ts'
import { columnNames, recordValues, type TextEncoding } from './sqlite-record.ts'

interface Table {
  name: string
  root: number
  columns: readonly string[]
}

const encodings: Readonly<Record<number, TextEncoding>> = { 1: 'utf8', 2: 'utf16le', 3: 'utf16be' }

/**
 * Yields a member for each table with rows. Throws plain errors on damage.
 * @param covered hears which bytes of the file the rows came from, as they are read
 */
export async function* sqliteMembers(
  access: RandomAccess,
  budget: Budget,
  covered: Stretches,
): AsyncGenerator<PackedMember> {
  const head = await access.bytes(0, 100)
  if (head.length < 100) throw new Error('the database ends early')
  const pages = new BtreeReader(access, head)
  const encoding = encodings[head.readUInt32BE(56)] ?? 'utf8'
  for (const { name, root, columns } of await readSchema(pages, encoding)) {
    countMember(budget)
    let used = 0
    async function* rows(): AsyncGenerator<Uint8Array> {
      for await (const { payload, spans } of pages.records(root)) {
        for (const [start, end] of spans) covered.add(start, end)
        used += payload.length
        const lines = recordValues(payload, encoding).map(([column, value]) =>
          Buffer.concat([Buffer.from(`${columns[column] ?? column}: `), value, Buffer.from('\n')]),
        )
        if (lines.length > 0) yield Buffer.concat(lines)
      }
    }
    // Names of columns come on top of what was read.
    yield { name, size: null, refused: null, bytes: boundMember(rows(), budget, () => used + 1024 * 1024) }
  }
}

/** The tables, out of the one that names all others: type, name, table, root page and SQL. */
async function readSchema(pages: BtreeReader, encoding: TextEncoding): Promise<Table[]> {
  const tables: Table[] = []
  for await (const { payload } of pages.records(1)) {
    const values = new Map(recordValues(payload, encoding, true))
    const [type, name, root, sql] = [0, 1, 3, 4].map((column) => values.get(column)?.toString('utf8') ?? '')
    if (type !== 'table' || Number(root) < 1) continue
    tables.push({ name: name ?? '', root: Number(root), columns: columnNames(sql ?? '') })
  }
  return tables
}
