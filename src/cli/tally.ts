/** What went in and out of every step of one scan: shown while it runs, summed up at its end, written by `--stats`. */
import type { SourceProblem } from '../model/blob.ts'
import { emptyStats, type ScanStats } from '../model/hit.ts'
import { peakMemory } from './peak-memory.ts'

export interface Tally {
  engine: ScanStats
  /** Bytes that sources handed over, archives unpacked. */
  bytesRead: number
  /** Bytes that other threads have read for parts that have not ended. */
  underway: () => number
  /** Bytes that are to be read, as far as listings have told, and how many tasks have told all of theirs. */
  bytesListed: number
  tasksListed: number
  /** Tasks begun and ended; listings bring more while a scan runs. */
  tasksStarted: number
  tasksDone: number
  /** Things left out on purpose, by reason. */
  skipped: Map<string, number>
  /** Things that could not be read. */
  errors: number
  /** Hits below `--min-confidence`. */
  belowConfidence: number
  /** Findings that `--baseline` knows. */
  inBaseline: number
  /** What allow files hide: whole findings, places of all findings, paths that were not read. */
  hidden: { findings: number; places: number; paths: number }
  /** What is being read now, as a person would name it. Not yet safe for a terminal. */
  current: string
  interrupted: boolean
  /** Milliseconds in each step, summed over the threads and what ran side by side. */
  milliseconds: { list: number; read: number; scan: number; locate: number; merge: number }
  /** `performance.now()` at the start. */
  startedAt: number
}

export function newTally(): Tally {
  return {
    engine: emptyStats(),
    bytesRead: 0,
    underway: () => 0,
    bytesListed: 0,
    tasksListed: 0,
    tasksStarted: 0,
    tasksDone: 0,
    skipped: new Map(),
    errors: 0,
    belowConfidence: 0,
    inBaseline: 0,
    hidden: { findings: 0, places: 0, paths: 0 },
    current: '',
    interrupted: false,
    milliseconds: { list: 0, read: 0, scan: 0, locate: 0, merge: 0 },
    startedAt: performance.now(),
  }
}

export function tallyProblem(tally: Tally, problem: SourceProblem): void {
  if (problem.problem === 'error') tally.errors += 1
  else tally.skipped.set(problem.code, (tally.skipped.get(problem.code) ?? 0) + 1)
}

export function skippedInAll(tally: Tally): number {
  return [...tally.skipped.values()].reduce((sum, one) => sum + one, 0)
}

/** The object that `--stats` writes; times in seconds, sizes in bytes. */
export function statsReport(tally: Tally, findings: number): Record<string, unknown> {
  const seconds = (milliseconds: number): number => Math.round(milliseconds) / 1000
  return {
    findings,
    findings_in_baseline: tally.inBaseline,
    findings_hidden_by_ignore_file: tally.hidden.findings,
    places_hidden_by_ignore_file: tally.hidden.places,
    paths_hidden_by_ignore_file: tally.hidden.paths,
    hits_below_min_confidence: tally.belowConfidence,
    tasks: tally.tasksDone,
    bytes_read: tally.bytesRead,
    bytes_scanned: tally.engine.bytesScanned,
    blobs: tally.engine.blobs,
    candidates: tally.engine.candidates,
    hits: tally.engine.hits,
    drops: tally.engine.drops,
    skipped: Object.fromEntries(tally.skipped),
    errors: tally.errors,
    interrupted: tally.interrupted,
    seconds: {
      total: seconds(performance.now() - tally.startedAt),
      list: seconds(tally.milliseconds.list),
      read: seconds(tally.milliseconds.read),
      scan: seconds(tally.milliseconds.scan),
      locate: seconds(tally.milliseconds.locate),
      merge: seconds(tally.milliseconds.merge),
    },
    peak_memory_bytes: peakMemory(),
  }
}
