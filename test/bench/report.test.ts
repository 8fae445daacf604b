/** Ratios, medians and verdicts from timings that are given. */
import { describe, expect, test } from 'vitest'
import { drawReport } from '../../src/bench/draw-report.ts'
import { missedPlanted } from '../../src/bench/folder.ts'
import { gitVerdicts, largePack } from '../../src/bench/git/judge-history.ts'
import type { Measured } from '../../src/bench/measure.ts'
import { fasterThan, judge, makeReport, makeRow, median } from '../../src/bench/report.ts'

const machine = {
  cpu: 'Some CPU',
  cores: 2,
  memory_bytes: 1,
  platform: 'linux x64',
  node: 'v20',
  versions: {},
}

function run(seconds: number, peak_bytes: number | null = null): Measured {
  return { seconds, cpu_seconds: seconds / 2, peak_bytes }
}

test.each([
  [[3, 1, 2], 2],
  [[4, 1], 2.5],
  [[7], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test('a row takes the median of time and processor, and the most of memory', () => {
  const row = makeRow('one', true, [run(3, 10), run(1, 30), run(2, null)], 100)

  expect(row).toMatchObject({ seconds: 2, cpu_seconds: 1, peak_bytes: 30, bytes: 100 })
})

describe('a budget', () => {
  const least = { what: 'speed', unit: 'times', bound: 'least', budget: 1.5, aim: 3 } as const
  const most = { what: 'time', unit: 'times', bound: 'most', budget: 1.1 } as const

  test.each([
    [least, 1.5, true],
    [least, 1.49, false],
    [most, 1.1, true],
    [most, 1.11, false],
    [most, Number.NaN, false],
    [least, Number.NaN, false],
  ])('%j with %d measured passes: %s', (bound, value, pass) => {
    expect(judge(bound, value).pass).toBe(pass)
  })

  test('that is missed fails the whole report', () => {
    const result = { bench: 'start', over: '', rows: [], notes: [], details: {} } as const
    const results = [
      { ...result, rows: [], notes: [], verdicts: [judge(most, 1)] },
      { ...result, rows: [], notes: [], verdicts: [judge(most, 1), judge(most, 2)] },
    ]

    expect(makeReport(machine, results).pass).toBe(false)
    expect(makeReport(machine, results.slice(0, 1)).pass).toBe(true)
  })

  test('of another scanner is to be faster than it', () => {
    expect(fasterThan('other', 0.99).pass).toBe(true)
    expect(fasterThan('other', 1.01).pass).toBe(false)
  })
})

describe('the budgets of a history', () => {
  const times = {
    ours: makeRow('ours', true, [run(5)]),
    printed: makeRow('git', false, [run(10)]),
    peers: [makeRow('slow', false, [run(100)]), makeRow('fast', false, [run(20)])],
    again: 0.5,
  }

  test('hold a large one against git and the fastest scanner', () => {
    const verdicts = gitVerdicts({ ...times, packBytes: largePack })

    const values = verdicts.map(({ what, value, pass }) => [what, value, pass])
    expect(values).toEqual([
      ['history against git cat-file, time', 0.5, true],
      ['time against slow', 0.05, true],
      ['time against fast', 0.25, true],
      ['history against the fastest scanner, time', 0.25, false],
      ['scan after one new commit', 0.5, true],
    ])
  })

  test('ask of a small one only to be faster than every scanner', () => {
    const verdicts = gitVerdicts({ ...times, packBytes: largePack - 1 })

    expect(verdicts.map(({ what }) => what)).toEqual([
      'time against slow',
      'time against fast',
      'scan after one new commit',
    ])
  })
})

test('a planted credential counts as found where a finding of its detector touches its span', () => {
  const planted = ['a', 'b', 'c', 'd'].map((path) => ({ detector: 'x', path, byte_start: 10, byte_end: 20 }))
  const place = (path: string, byte_start: number, byte_end: number) => ({
    path: `/corpus/${path}`,
    byte_start,
    byte_end,
  })
  const findings = [
    { detector: 'x', fingerprint: '1', places: [place('a', 19, 30), place('b', 20, 30)] },
    { detector: 'y', fingerprint: '2', places: [place('c', 10, 20)] },
  ]

  const missed = missedPlanted({ folder: '/corpus', planted }, findings)

  expect(missed.map(({ path }) => path)).toEqual(['b', 'c', 'd'])
})

test('the table shows each row, each budget and its verdict, with bars where they can be seen', () => {
  const verdicts = [
    judge({ what: 'speed of ours', unit: 'times', bound: 'least', budget: 1.5, aim: 3 }, 2),
    judge({ what: 'memory of ours', unit: 'bytes', bound: 'most', budget: 300e6 }, 310e6),
  ]
  const rows = [makeRow('ours', true, [run(1, 310e6)], 2e9), makeRow('other', false, [run(2)], 2e9)]
  const result = {
    bench: 'folder',
    over: 'some files',
    rows,
    verdicts,
    notes: ['a note'],
    details: {},
  } as const
  const report = makeReport(machine, [{ ...result, rows, verdicts, notes: ['a note'] }])

  const plain = drawReport(report, { width: 100, color: false, bars: false })
  const bars = drawReport(report, { width: 100, color: false, bars: true })

  expect(plain).toMatch(/^ours +1\.00 s +2\.0 GB\/s +500 ms +310 MB$/m)
  expect(plain).toMatch(/^speed of ours +2\.00× +at least 1\.50×, aim 3\.00× +within$/m)
  expect(plain).toMatch(/^memory of ours +310 MB +at most 300 MB +OVER$/m)
  expect(plain).toContain('note: a note')
  expect(bars).toMatch(/^ours .* █{12}$/m)
  expect(bars).toMatch(/^other .* █{24}$/m)
})
