/** Runs the benches that were asked for, over one corpus, and puts their report together. */
import { anchorsFile } from './anchors.ts'
import { buildCorpus } from './corpus/build.ts'
import { benchEngine } from './engine.ts'
import { describeMachine, findProgram } from './machine.ts'
import { type BenchName, type BenchReport, type BenchResult, makeReport } from './report.ts'
import type { CorpusParts } from './run-parts.ts'

export interface RunOptions {
  main: string
  /** Folder for corpora. */
  cache: string
  size: number
  files: number
  seed: number
  detectorsTimes: number
  repeat: number
  only: readonly BenchName[]
  progress: (line: string) => void
  signal: AbortSignal
}

export async function runBenches(options: RunOptions): Promise<BenchReport> {
  const { cache, progress } = options
  const corpus = await buildCorpus(cache, options, (bytes) =>
    progress(`corpus: ${Math.round((100 * bytes) / options.size)} %`),
  )
  const ripgrep = await findProgram('rg')
  const parts: CorpusParts = {
    main: options.main,
    cache,
    repeats: options.repeat,
    ripgrep,
    anchors: await anchorsFile(cache),
    progress,
    signal: options.signal,
    corpus,
    peers: {},
  }
  const machine = await describeMachine(ripgrep === null ? {} : { ripgrep })
  const results: BenchResult[] = []
  for (const name of options.only) results.push(await runOne(name, parts, options))
  return makeReport(machine, results)
}

async function runOne(name: BenchName, parts: CorpusParts, options: RunOptions): Promise<BenchResult> {
  switch (name) {
    default:
      return await benchEngine(parts, options.detectorsTimes)
  }
}
