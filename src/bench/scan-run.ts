/** One measured run of `keyrecall scan`, and what it reported. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Measured, measure } from './measure.ts'
import type { BenchParts } from './run-parts.ts'

const Place = z.object({
  path: z.string(),
  archive_path: z.string().optional(),
  blob_sha: z.string().optional(),
  author_email: z.string().optional(),
  decoding: z.string().optional(),
  byte_start: z.number(),
  byte_end: z.number(),
})

const Finding = z.object({
  detector: z.string(),
  fingerprint: z.string(),
  places: z.array(Place),
})
export type ReportedFinding = z.infer<typeof Finding>

const Stats = z.object({
  hits: z.number(),
  /** What could not be read, or not to its end. */
  errors: z.number(),
  blobs: z.number(),
  bytes_scanned: z.number(),
  seconds: z.record(z.string(), z.number()),
})

export interface ScanRun {
  measured: Measured
  stats: z.infer<typeof Stats>
  /** File with the findings, a line each. */
  output: string
}

/** Not the person's own: what other scans remember must not help. */
export function homeOf(parts: BenchParts): string {
  return join(parts.cache, 'home')
}

/** Forgets earlier scans of the bench. */
export async function freshHome(parts: BenchParts): Promise<void> {
  await rm(homeOf(parts), { recursive: true, force: true })
}

/** Scans with the defaults; only what is needed to compare results is asked for on top. */
export async function runScan(
  target: string,
  cores: readonly number[] | null,
  parts: BenchParts,
  options: readonly string[] = [],
): Promise<ScanRun> {
  const output = join(parts.cache, 'findings.jsonl')
  const stats = join(parts.cache, 'stats.json')
  // Those of the run before would pass for those of a run that left none.
  await Promise.all([output, stats].map((path) => rm(path, { force: true })))
  const measured = await measure(
    {
      name: 'keyrecall',
      command: process.execPath,
      args: [parts.main, 'scan', target, '--output', output, '--stats', stats, ...options],
      env: { KEYRECALL_HOME: homeOf(parts) },
      cores,
      // 2 where something could not be read: histories hold files that were cut off before they were committed.
      statuses: [0, 1, 2],
    },
    parts.signal,
  )
  return { measured, output, stats: Stats.parse(JSON.parse(await readFile(stats, 'utf8'))) }
}

/** The findings of the last run. */
export async function readFindings(run: ScanRun): Promise<ReportedFinding[]> {
  const lines = (await readFile(run.output, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => Finding.parse(JSON.parse(line)))
}
