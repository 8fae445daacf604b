import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdTable } from '../../../../src/sources/git/attribute/id-table.ts'
import { TreeTable } from '../../../../src/sources/git/attribute/tree-table.ts'

interface Entry {
  mode: string
  name: string
  id: number
}

/** Ids of few bytes, so that parts of one are found in another. */
function idBytes(id: number): Buffer {
  return Buffer.alloc(20, id)
}

function treeBytes(entries: readonly Entry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), idBytes(id)]),
  )
}

const entry: fc.Arbitrary<Entry> = fc.record({
  mode: fc.constantFrom('100644', '40000', '040000', '120000', '160000'),
  name: fc.stringMatching(/^[ab.]{1,6}$/),
  id: fc.integer({ min: 0x20, max: 0x32 }),
})

/** What git's packer would do, with the length of the pieces left to chance: bytes of the base, wherever they are. */
function copiesOf(base: Buffer, result: Buffer, lengths: readonly number[]): Uint32Array {
  const copies: number[] = []
  let turn = 0
  for (let at = 0; at < result.length; ) {
    const length = Math.min(lengths[turn++ % lengths.length] ?? 1, result.length - at)
    const found = length < 3 ? -1 : base.indexOf(result.subarray(at, at + length))
    if (found >= 0) copies.push(at, found, length)
    at += length
  }
  return Uint32Array.from(copies)
}

function newTable(): TreeTable {
  const table = new TreeTable(new IdTable(20))
  for (const id of [0x20, 0x21, 0x22]) table.want(idBytes(id))
  return table
}

/** Entries with names and ids in place of numbers. */
function entriesOf(table: TreeTable, tree: number): string[] {
  return Array.from({ length: table.size(tree) }, (_, index) => {
    const at = table.start(tree) + index
    const target = table.target(at)
    const id = target < 0 ? `blob ${table.wanted.hex(~target)}` : `tree ${table.ids.hex(target)}`
    return `${id} ${table.names.bytes(table.name(at)).toString()}`
  })
}

describe('a table of trees', () => {
  it('reads a tree made by a delta, of a delta, as it reads the whole tree', () => {
    const family = fc.record({
      trees: fc.array(fc.array(entry, { maxLength: 12 }), { minLength: 2, maxLength: 4 }),
      cut: fc.nat({ max: 3 }),
      lengths: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
    })
    fc.assert(
      fc.property(family, ({ trees, cut, lengths }) => {
        const fresh = newTable()
        const whole = newTable()
        let base: Buffer | null = null
        for (const [level, entries] of trees.entries()) {
          // Each goes on from what the one before had; some break off inside an entry.
          const all = treeBytes([...(trees[level - 1] ?? []).slice(1), ...entries])
          const bytes = level === cut ? all.subarray(0, Math.max(0, all.length - 7)) : all
          const tree = fresh.ids.add(Buffer.alloc(20, 0xa0 + level), 0)
          const twin = whole.ids.add(Buffer.alloc(20, 0xa0 + level), 0)

          fresh.read(tree, bytes, level, base && copiesOf(base, bytes, lengths))
          whole.read(twin, bytes)

          expect(entriesOf(fresh, tree)).toEqual(entriesOf(whole, twin))
          expect(fresh.damaged).toBe(whole.damaged)
          base = bytes
        }
      }),
      { numRuns: 2000, seed: 7 },
    )
  })

  it('keeps subtrees and wanted blobs, under every mode git has written, and nothing else', () => {
    const table = newTable()
    const tree = table.ids.add(Buffer.alloc(20, 0xff), 0)

    table.read(
      tree,
      treeBytes([
        { mode: '100644', name: 'wanted', id: 0x20 },
        { mode: '100755', name: 'other', id: 0x30 },
        { mode: '120000', name: 'link', id: 0x21 },
        { mode: '160000', name: 'module', id: 0x22 },
        { mode: '40000', name: 'dir', id: 0x31 },
        { mode: '040000', name: 'old dir', id: 0x32 },
      ]),
    )

    expect(entriesOf(table, tree)).toEqual([
      `blob ${'20'.repeat(20)} wanted`,
      `blob ${'21'.repeat(20)} link`,
      `tree ${'31'.repeat(20)} dir`,
      `tree ${'32'.repeat(20)} old dir`,
    ])
  })

  it.each(['100644', '100644 ', '100644 a', '100644 a\0short', 'x', '10064444 a\0'])(
    'counts %j at the end of a tree as damage and keeps what came before',
    (end) => {
      const table = newTable()
      const tree = table.ids.add(Buffer.alloc(20, 0xff), 0)
      const good = treeBytes([{ mode: '100644', name: 'wanted', id: 0x20 }])

      table.read(tree, Buffer.concat([good, Buffer.from(end)]))

      expect(entriesOf(table, tree)).toEqual([`blob ${'20'.repeat(20)} wanted`])
      expect(table.damaged).toBe(1)
    },
  )
})
