/** `keyrecall bench` end to end on a tiny corpus and a tiny history. What it measures is not looked at. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findProgram } from '../../src/bench/machine.ts'
import type { BenchReport, BenchResult } from '../../src/bench/report.ts'
import { type CliRun, runCli } from '../support/cli.ts'
import { createRepo, type GitRepo } from '../support/git-repo.ts'

let home: string
let repo: GitRepo

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyrecall-bench-'))
  repo = await createRepo()
  for (let i = 0; i < 4; i++) {
    await repo.write('readme.txt', `line ${i}\n`.repeat(10 + i))
    await repo.commit(`change ${i}`)
  }
})

afterAll(async () => {
  await repo.remove()
  await rm(home, { recursive: true, force: true })
})

function bench(...args: string[]): Promise<CliRun> {
  return runCli(['bench', ...args], { cwd: home, home })
}

const tiny = ['--size', '2MB', '--files', '50', '--repeat', '1', '--peers', 'none']

function verdict(result: BenchResult | undefined, what: string) {
  return result?.verdicts.find((one) => one.what === what)
}

describe('keyrecall bench', () => {
  let report: BenchReport
  let run: CliRun

  beforeAll(async () => {
    run = await bench(...tiny, '--only', 'engine,folder,memory', '--json')
    report = JSON.parse(run.stdout) as BenchReport
  })

  test('prints one JSON object with the machine and a result for each bench', () => {
    expect(report.machine).toMatchObject({ node: process.version, cores: expect.any(Number) })
    expect(report.results.map(({ bench: name }) => name)).toEqual(['engine', 'folder', 'memory'])
    for (const row of report.results.flatMap(({ rows }) => rows)) {
      expect(row.seconds, row.name).toBeGreaterThan(0)
      expect(row.runs.length, row.name).toBeGreaterThan(0)
    }
    expect(run.stderr).toContain('engine: round 1 of 1')
  })

  test('ends with 0 where all budgets are met and with 1 where one is missed', () => {
    const all = report.results.flatMap(({ verdicts }) => verdicts)

    expect(report.pass).toBe(all.every(({ pass }) => pass))
    expect(run.status).toBe(report.pass ? 0 : 1)
  })

  test('checks that every planted credential was found, by the engine and by a scan', () => {
    const [engine, folder] = report.results

    expect(engine?.details['planted']).toBeGreaterThan(0)
    expect(verdict(engine, 'planted credentials missed')).toMatchObject({ value: 0, pass: true })
    expect(folder?.details['missed']).toEqual([])
    expect(folder?.details['planted']).toBeGreaterThanOrEqual(12)
  })

  test('compares with ripgrep where it is found, and says so where it is not', async () => {
    const found = (await findProgram('rg')) !== null
    const compared = report.results.slice(0, 2).map((result) => ({
      row: result.rows.some(({ name }) => name.startsWith('ripgrep')),
      said: result.notes.some((note) => note.includes('not on PATH') && note.includes('ripgrep')),
    }))

    expect(compared).toEqual([
      { row: found, said: !found },
      { row: found, said: !found },
    ])
  })

  test('shows seconds by stage, and what twice the detectors cost', () => {
    const [engine] = report.results

    expect(Object.keys(engine?.details['stage_seconds'] ?? {})).toContain('gate')
    expect(verdict(engine, 'time with 2 times the detectors')?.budget).toBeCloseTo(1.1)
  })

  test('prints tables for people', async () => {
    const { stdout } = await bench(...tiny, '--only', 'folder')

    expect(stdout).toMatch(/^BUDGET +MEASURED +ASKED +VERDICT$/m)
    expect(stdout).toMatch(/^planted credentials missed +0 +at most 0 +within$/m)
  })

  test('measures a history, plants what it lacks, and checks it against scanning every blob whole', async () => {
    const args = ['git', repo.path, '--repeat', '1', '--peers', 'none', '--verify', '--json']

    const [history] = (JSON.parse((await bench(...args)).stdout) as BenchReport).results

    expect(history?.bench).toBe('git')
    expect(history?.details['hits']).toBeGreaterThanOrEqual(1000)
    for (const what of [
      'planted credentials missed',
      'planted credentials blamed on another',
      'new commit: credentials missed',
      'set differs from scanning whole',
    ])
      expect(verdict(history, what), what).toMatchObject({ value: 0, pass: true })
    expect(await repo.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main')
  })

  test.each([
    [['--size', 'big'], 'size'],
    [['--only', 'engine,nothing'], 'engine'],
    [['--peers', 'nobody'], 'none'],
    [['git', '/nonexistent/clone'], '/nonexistent/clone'],
    [['--dir', '/dev/null/x'], '/dev/null/x'],
  ])('%j ends with 2 and names what is wrong', async (args, named) => {
    const { status, stdout, stderr } = await bench(...args)

    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(named)
  })
})
