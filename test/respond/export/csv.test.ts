import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportCsv } from '../../../src/respond/export/csv.ts'
import { finding, place } from '../../support/finding.ts'

/** Rows by RFC 4180, read without the code that wrote them. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

function objects(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parse(text)
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])))
}

describe('csv', () => {
  test('has one row for each place, under the names of the contract', () => {
    const places = [place(), place({ path: 'b.env', commit_sha: 'ef', public: true })]

    const rows = objects([...exportCsv([finding({ places, check_passed: null })])].join(''))

    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      detector: 'acme-key',
      check_passed: '',
      path: 'config/app.env',
      start_line: '3',
    })
    expect(rows[1]).toMatchObject({ path: 'b.env', commit_sha: 'ef', public: 'true', label: '' })
  })

  test('is a header alone without findings', () => {
    expect(parse([...exportCsv([])].join(''))).toHaveLength(1)
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    '%j is no formula to a spreadsheet',
    (path) => {
      const [row] = objects([...exportCsv([finding({ places: [place({ path })] })])].join(''))

      expect(row?.['path']).toBe(`'${path}`)
    },
  )

  test('any path reads back, but for that apostrophe, and no field begins like a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        const text = [...exportCsv([finding({ places: [place({ path })] })])].join('')

        const [row, ...more] = objects(text)
        expect(more).toEqual([])
        expect(row?.['path']?.replace(/^'/, '')).toBe(path)
        for (const value of parse(text).flat()) expect(value).not.toMatch(/^[=+\-@\t\r\n]/)
      }),
      { seed: 5, examples: [["'=1"], ['a"b,c\nd']] },
    )
  })
})
