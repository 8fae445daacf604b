import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIgnores } from '../../src/cli/ignore.ts'
import { parseIgnores } from '../../src/cli/ignore-file.ts'
import { AppError } from '../../src/model/errors.ts'
import type { FindingRecord } from '../../src/model/finding.ts'
import { finding, place } from '../support/finding.ts'

const print = 'ab'.repeat(32)

function ignoring(text: string, folder: string | null = '.', folders: string[] = ['.']) {
  return createIgnores([{ folder, entries: parseIgnores(text, 'x/.keyrecallignore') }], folders, '2026-06-15')
}

function left(text: string, findings: FindingRecord[], folder: string | null = '.'): string[] {
  return ignoring(text, folder)
    .apply(findings)
    .flatMap((one) => one.places.map((where) => where.path))
}

describe('an allow file', () => {
  test.each([
    ['fingerprint:xyz', /line 1: a fingerprint is 16 to 64 hex digits/],
    ['fingerprint:abcd', /16 to 64/],
    [`# fine\n\nfingerprint:${print} src/`, /line 3: "src\/" is not understood/],
    [`fingerprint:${print} until=2026-02-30`, /line 1: "2026-02-30" is no day/],
    [`fingerprint:${print} until=soon`, /no day/],
    [`fingerprint:${print} until=2026-01-01 until=2026-01-02`, /more than one until/],
    ['detector:', /"" is not the id of a detector/],
    ['detector:acme-key a b', /takes one pattern/],
    ['detector:acme-key !a', /no pattern of paths here/],
    ['a\n/\nb\n!', /line 2: "\/" names no path; line 4: "!" names no path/],
    ['!\n'.repeat(9), /and 4 lines more/],
  ])('%j is refused by file and line', (text, message) => {
    expect(() => parseIgnores(text, 'x/.keyrecallignore')).toThrow(message)
    expect(() => parseIgnores(text, 'x/.keyrecallignore')).toThrow(/x\/\.keyrecallignore/)
  })

  test('skips comments, empty lines, a byte order mark and spaces at the end of a line', () => {
    const entries = parseIgnores('\ufeff# a\r\n\r\n*.pem  \r\nb\\ \n', 'f')

    expect(entries.map(({ at, text }) => [at, text])).toEqual([
      ['f:3', '*.pem'],
      ['f:4', 'b\\ '],
    ])
  })

  test('of any content parses or is refused, and never breaks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        try {
          parseIgnores(text, 'f')
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { seed: 8, numRuns: 50 },
    )
  })

  test('hides a credential by its fingerprint, or the start of it, wherever it stands', () => {
    const findings = [
      finding({ places: [place(), place({ path: 'b' })] }),
      finding({ fingerprint: 'cd'.repeat(32) }),
    ]

    expect(left(`fingerprint:${print}`, findings)).toEqual(['config/app.env'])
    expect(left(`fingerprint:${print.slice(0, 16).toUpperCase()}`, findings)).toEqual(['config/app.env'])
    expect(left(`fingerprint:${'0'.repeat(64)}`, findings)).toHaveLength(3)
  })

  test('hides what a detector finds, everywhere or below a path', () => {
    const findings = [finding({ places: [place({ path: 'test/a.env' }), place({ path: 'src/a.env' })] })]

    expect(left('detector:acme-key', findings)).toEqual([])
    expect(left('detector:acme-key test/', findings)).toEqual(['src/a.env'])
    expect(left('detector:acme-keys', findings)).toHaveLength(2)
  })

  test('lets an entry hold until its day, in UTC, and not after', () => {
    expect(left('detector:acme-key until=2026-06-15', [finding()])).toEqual([])
    expect(left('detector:acme-key until=2026-06-14', [finding()])).toHaveLength(1)
  })

  test('holds below its own folder only, one that was named everywhere', () => {
    const places = [
      place({ path: 'src/a.env' }),
      place({ path: 'other/a.env' }),
      place({ type: 'commit', path: 'a.env', repository: '.' }),
      place({ type: 's3_object', path: 'a.env', key: 'x/a.env', bucket: 'b' }),
    ]
    const findings = [finding({ places })]

    expect(left('*.env', findings, 'src')).toEqual(['other/a.env', 'a.env', 'a.env'])
    expect(left('detector:acme-key', findings, 'src')).toHaveLength(3)
    expect(left('*.env', findings, null)).toEqual([])
  })

  test('reads the patterns of a named file from the folders that are scanned', () => {
    const ignores = ignoring('/a.env', null, ['src/', './lib', '/srv/x'])
    const paths = ['src/a.env', 'lib/a.env', '/srv/x/a.env', 'src/b/a.env']

    const [kept] = ignores.apply([finding({ places: paths.map((path) => place({ path })) })])

    expect(kept?.places.map(({ path }) => path)).toEqual(['src/b/a.env'])
  })

  test('reaches into archives', () => {
    const inside = place({ path: 'a.zip', archive_path: 'b.tar!keys/c.pem' })

    expect(left('keys/', [finding({ places: [inside] })])).toEqual([])
    expect(left('a.zip/b.tar/keys/', [finding({ places: [inside] })])).toEqual([])
  })

  test('counts what it hides, and tells which entries hid nothing or are over', () => {
    const ignores = ignoring(
      `*.gone\n!nothing\n*.env\nfingerprint:${print}\ndetector:acme-key until=2020-01-01\nlogs/`,
    )

    ignores.apply([finding({ places: [place(), place({ path: 'b' })] })])

    expect(ignores.skips('logs/x', '.')).toBe(true)
    expect(ignores.skips('logs/x', 'elsewhere')).toBe(false)
    expect(ignores.hidden).toEqual({ findings: 1, places: 2, paths: 1 })
    expect(ignores.idle().map(({ entry, reason }) => `${entry.at} ${reason}`)).toEqual([
      'x/.keyrecallignore:1 matched nothing',
      'x/.keyrecallignore:2 matched nothing',
      'x/.keyrecallignore:5 is over',
    ])
  })
})
