/**
 * The engine benchmark: one core, text in memory, everything as `scan` has it by default, against ripgrep looking for
 * the fixed texts of the detectors in the same bytes. Rounds go A B A B, so that noise hits all alike.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type EngineText, engineText } from './engine-text.ts'
import { chooseCores } from './machine.ts'
import { type Measured, measure } from './measure.ts'
import { type BenchResult, type Bound, judge, makeRow, median, type Row } from './report.ts'
import type { CorpusParts } from './run-parts.ts'

const Pass = z.object({
  seconds: z.number(),
  cpu_seconds: z.number(),
  bytes: z.number(),
  candidates: z.number(),
  hits: z.array(z.tuple([z.string(), z.number(), z.number()])),
  stages: z.record(z.string(), z.number()).nullable(),
})
type Pass = z.infer<typeof Pass>

const overRipgrep = {
  what: 'engine against ripgrep, speed',
  unit: 'times',
  bound: 'least',
  budget: 1.5,
  aim: 3,
} as const satisfies Bound
const planted = { what: 'planted credentials missed', unit: 'missed', bound: 'most', budget: 0 } as const

interface Round {
  one: { pass: Pass; measured: Measured }
  more: { pass: Pass; measured: Measured }
  ripgrep: Measured | null
  /** Ripgrep over nothing: its start, which the engine's time does not hold either. */
  ripgrepStart: Measured | null
  read: Measured
}

/** @param times how many times as many detectors the second of our rows has */
export async function benchEngine(parts: CorpusParts, times: number): Promise<BenchResult> {
  const text = await engineText(parts.corpus)
  const cores = await chooseCores(1)
  const rounds: Round[] = []
  for (let turn = 1; turn <= parts.repeats; turn++) {
    parts.progress(`engine: round ${turn} of ${parts.repeats}`)
    rounds.push(await runRound(text, times, cores, parts))
  }
  parts.progress('engine: stages')
  const { pass: staged } = await enginePass(text, { times: 1, stages: true }, cores, parts)
  return summarize(text, times, rounds, staged, parts)
}

async function runRound(
  text: EngineText,
  times: number,
  cores: readonly number[] | null,
  parts: CorpusParts,
): Promise<Round> {
  const one = await enginePass(text, { times: 1, stages: false }, cores, parts)
  const ripgrep = await runRipgrep(text.path, cores, parts)
  const ripgrepStart = await runRipgrep('/dev/null', cores, parts)
  const more = await enginePass(text, { times, stages: false }, cores, parts)
  return { one, more, ripgrep, ripgrepStart, read: bareRead(text.path) }
}

/** Less than this is not told apart. */
const leastSeconds = 0.001

async function enginePass(
  text: EngineText,
  { times, stages }: { times: number; stages: boolean },
  cores: readonly number[] | null,
  parts: CorpusParts,
): Promise<{ pass: Pass; measured: Measured }> {
  const output = join(parts.cache, 'engine-pass.json')
  const measured = await measure(
    {
      name: 'the engine',
      command: process.execPath,
      args: [
        parts.main,
        'bench',
        'engine-pass',
        text.path,
        text.index,
        '--times',
        String(times),
        ...(stages ? ['--stages'] : []),
      ],
      cores,
      statuses: [0],
      output,
    },
    parts.signal,
  )
  const pass = Pass.parse(JSON.parse(await readFile(output, 'utf8')))
  // The start of Node, reading the text and warming up are not the engine's.
  return { pass, measured: { ...measured, seconds: pass.seconds, cpu_seconds: pass.cpu_seconds } }
}

async function runRipgrep(
  path: string,
  cores: readonly number[] | null,
  parts: CorpusParts,
): Promise<Measured | null> {
  if (parts.ripgrep === null) return null
  const args = ['--no-config', '-j1', '-a', '-c', '-F', '-f', parts.anchors, path]
  const command = { name: 'ripgrep', command: parts.ripgrep, args, cores, statuses: [0, 1] }
  return await measure(command, parts.signal)
}

/** The same bytes through a buffer of 1 MB and nothing more. */
function bareRead(path: string): Measured {
  const buffer = Buffer.alloc(1024 * 1024)
  const file = openSync(path, 'r')
  const started = performance.now()
  while (readSync(file, buffer) > 0);
  const seconds = (performance.now() - started) / 1000
  closeSync(file)
  return { seconds, cpu_seconds: null, peak_bytes: null }
}

function summarize(
  text: EngineText,
  times: number,
  rounds: readonly Round[],
  staged: Pass,
  parts: CorpusParts,
): BenchResult {
  const row = (name: string, ours: boolean, runs: Measured[]): Row => makeRow(name, ours, runs, text.bytes)
  const one = row(
    'keyrecall',
    true,
    rounds.map((round) => round.one.measured),
  )
  const more = row(
    `keyrecall, ${times} times the detectors`,
    true,
    rounds.map((round) => round.more.measured),
  )
  const ripgrep = rounds.flatMap((round) => round.ripgrep ?? [])
  const start = median(rounds.flatMap((round) => round.ripgrepStart?.seconds ?? []))
  // Of a text that is read in no time the difference is noise, and may fall below zero.
  const net = ripgrep.map((run) => ({ ...run, seconds: Math.max(run.seconds - start, leastSeconds) }))
  const notes =
    net.length > 0
      ? [`ripgrep without its own start of ${(start * 1000).toFixed(0)} ms`]
      : ['ripgrep (rg) is not on PATH']
  const rows = [one, more]
  if (net.length > 0) rows.push(row('ripgrep -F, one thread', false, net))
  rows.push(
    row(
      'bare read',
      false,
      rounds.map((round) => round.read),
    ),
  )
  const hits = rounds[0]?.one.pass.hits ?? []
  return {
    bench: 'engine',
    over: `text in memory, one core, ${text.texts} texts`,
    rows,
    verdicts: [
      ...(net.length > 0 ? [judge(overRipgrep, (rows[2]?.seconds ?? Number.NaN) / one.seconds)] : []),
      judge(slowdown(times), more.seconds / one.seconds),
      judge(planted, missed(text, hits)),
    ],
    notes,
    details: {
      bytes: text.bytes,
      texts: text.texts,
      candidates: rounds[0]?.one.pass.candidates,
      hits: hits.length,
      planted: text.planted.length,
      detectors_times: times,
      stage_seconds: staged.stages,
      staged_seconds: staged.seconds,
      repeats: parts.repeats,
    },
  }
}

/** A tenth for each doubling. */
function slowdown(times: number): Bound {
  const budget = 1 + 0.1 * Math.log2(times)
  return { what: `time with ${times} times the detectors`, unit: 'times', bound: 'most', budget }
}

function missed(text: EngineText, hits: readonly [string, number, number][]): number {
  return text.planted.filter(
    ([detector, start, end]) =>
      !hits.some(([found, from, to]) => found === detector && from < end && to > start),
  ).length
}
