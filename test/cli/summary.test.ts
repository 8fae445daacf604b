import { describe, expect, test } from 'vitest'
import { exitStatus, summaryLine } from '../../src/cli/summary.ts'
import { newTally, statsReport, tallyProblem } from '../../src/cli/tally.ts'

const skip = { problem: 'skipped', code: 'special_file', subject: 'p', message: 'a pipe' } as const
const failure = { problem: 'error', code: 'unreadable', subject: 'p', message: 'no permission' } as const

describe('the exit status', () => {
  test.each([
    ['nothing found', [], 0, false, 0],
    ['findings', [], 3, false, 1],
    ['an error', [failure], 0, false, 2],
    ['an error beside findings', [failure], 3, false, 2],
    ['a deliberate skip', [skip], 0, false, 0],
    ['what git keeps, where nothing may be left out', [{ ...skip, code: 'git_folder' }], 0, true, 0],
    ['more than what git keeps', [skip, { ...skip, code: 'git_folder' }], 0, true, 2],
    ['a deliberate skip beside findings', [skip], 1, false, 1],
    ['a deliberate skip under --strict', [skip], 1, true, 2],
    ['--strict without a skip', [], 1, true, 1],
  ])('of %s', (_, problems, findings, strict, status) => {
    const tally = newTally()
    for (const problem of problems) tallyProblem(tally, problem)

    expect(exitStatus(tally, findings, strict)).toBe(status)
  })

  test('of an interrupted scan is 2', () => {
    expect(exitStatus({ ...newTally(), interrupted: true }, 1, false)).toBe(2)
  })
})

test('the summary names findings, bytes, time, and every kind of thing left out', () => {
  const tally = { ...newTally(), bytesRead: 2_000_000, inBaseline: 2, belowConfidence: 1, interrupted: true }
  tally.engine.blobs = 1_204
  tally.engine.drops.check_failed = 1
  for (const problem of [skip, { ...skip, code: 'excluded' }, skip, failure]) tallyProblem(tally, problem)

  expect(summaryLine(tally, 1, 1_234)).toBe(
    '1 finding in 2.0 MB (1,204 blobs), 1.23 s; 2 more in the baseline; ' +
      '1 look-alike with a wrong checksum left out; 1 hit below --min-confidence; ' +
      'skipped 3 (special_file 2, excluded 1); 1 could not be read; interrupted, so not everything was read',
  )
})

test('a clean scan has a short summary', () => {
  expect(summaryLine(newTally(), 0, 10)).toBe('0 findings in 0 B (0 blobs), 0.01 s')
})

test('the stats hold what went in and out of every step', () => {
  const tally = newTally()
  tallyProblem(tally, skip)
  tally.milliseconds.scan = 1_500

  const report = statsReport(tally, 4)

  expect(report).toMatchObject({
    findings: 4,
    bytes_read: 0,
    bytes_scanned: 0,
    blobs: 0,
    candidates: 0,
    drops: {},
    skipped: { special_file: 1 },
    seconds: { scan: 1.5 },
  })
  expect(report['peak_memory_bytes']).toBeGreaterThan(10_000_000)
})
