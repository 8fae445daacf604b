/**
 * What a bench says: rows of what was run, and verdicts that hold ratios of them against budgets. Pure: timings in,
 * numbers out. Ratios are of medians of one run, since machines and days differ.
 */
import type { Machine } from './machine.ts'
import type { Measured } from './measure.ts'

export const benches = ['engine', 'folder', 'memory', 'start'] as const
export type BenchName = (typeof benches)[number]

/** One thing that was run a few times. */
export interface Row {
  name: string
  /** Ours, and not something it is compared with. */
  ours: boolean
  /** Median wall time. */
  seconds: number
  cpu_seconds: number | null
  /** The most of all runs. */
  peak_bytes: number | null
  /** What was read in one run; null where speed says nothing. */
  bytes: number | null
  /** Every run as it was. */
  runs: Measured[]
}

export interface Verdict {
  what: string
  value: number
  unit: 'times' | 'seconds' | 'bytes' | 'missed'
  /** `least`: the value must reach the budget; `most`: it must not pass it. */
  bound: 'least' | 'most'
  budget: number
  /** What we would like, where that is more than the budget asks. */
  aim: number | null
  pass: boolean
}

export interface BenchResult {
  bench: BenchName | 'git'
  /** What it ran over, in words. */
  over: string
  rows: Row[]
  verdicts: Verdict[]
  /** What a reader must know: programs that were not found, what was planted. */
  notes: string[]
  /** Numbers of this bench alone. */
  details: Record<string, unknown>
}

export interface BenchReport {
  machine: Machine
  results: BenchResult[]
  pass: boolean
}

export function makeReport(machine: Machine, results: BenchResult[]): BenchReport {
  return { machine, results, pass: results.every(({ verdicts }) => verdicts.every(({ pass }) => pass)) }
}

export function makeRow(name: string, ours: boolean, runs: Measured[], bytes: number | null = null): Row {
  const cpu = runs.flatMap(({ cpu_seconds }) => cpu_seconds ?? [])
  const peaks = runs.flatMap(({ peak_bytes }) => peak_bytes ?? [])
  return {
    name,
    ours,
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpu_seconds: cpu.length === 0 ? null : median(cpu),
    peak_bytes: peaks.length === 0 ? null : Math.max(...peaks),
    bytes,
    runs,
  }
}

export type Bound = Pick<Verdict, 'what' | 'unit' | 'bound' | 'budget'> & { aim?: number }

/** A value that is no number (something failed to be measured) passes nothing. */
export function judge(bound: Bound, value: number): Verdict {
  const pass = bound.bound === 'least' ? value >= bound.budget : value <= bound.budget
  return { ...bound, aim: bound.aim ?? null, value, pass }
}

/** Every scanner found must be slower. */
export function fasterThan(peer: string, ratio: number): Verdict {
  return judge({ what: `time against ${peer}`, unit: 'times', bound: 'most', budget: 1 }, ratio)
}

/** Not a number where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
