/** Runs the benches that were asked for, over one corpus, and puts their report together. */
import { anchorsFile } from './anchors.ts'
import { buildCorpus } from './corpus/build.ts'
import { benchEngine } from './engine.ts'
import { benchFolder } from './folder.ts'
import { benchHistory } from './git/bench.ts'
import { describeMachine, findProgram } from './machine.ts'
import { benchMemory } from './memory.ts'
import { findPeers } from './peers.ts'
import { type BenchName, type BenchReport, type BenchResult, makeReport } from './report.ts'
import type { BenchParts, CorpusParts } from './run-parts.ts'
import { benchStart } from './start.ts'

/** What all benches are told. */
export interface RunOptions {
  main: string
  /** Folder for corpora. */
  cache: string
  repeat: number
  /** Names of other scanners to compare with, where they are found. */
  peers: readonly string[]
  /** Seconds after which another scanner is stopped. */
  peerLimit: number
  progress: (line: string) => void
  signal: AbortSignal
}

interface CorpusRunOptions extends RunOptions {
  size: number
  files: number
  seed: number
  detectorsTimes: number
  only: readonly BenchName[]
}

export async function runBenches(options: CorpusRunOptions): Promise<BenchReport> {
  const { cache, progress } = options
  const corpus = await buildCorpus(cache, options, (bytes) =>
    progress(`corpus: ${Math.round((100 * bytes) / options.size)} %`),
  )
  const parts = { ...(await findParts(options)), corpus }
  const results: BenchResult[] = []
  for (const name of options.only) results.push(await runOne(name, parts, options))
  return await reportOf(results, parts)
}

/** The history benchmark over each clone. */
export async function runHistoryBenches(
  clones: readonly string[],
  options: RunOptions & { verify: boolean },
): Promise<BenchReport> {
  const parts = await findParts(options)
  const results: BenchResult[] = []
  for (const clone of clones) results.push(await benchHistory(clone, options.verify, parts))
  return await reportOf(results, parts)
}

async function findParts(options: RunOptions): Promise<BenchParts> {
  return {
    main: options.main,
    cache: options.cache,
    repeats: options.repeat,
    ripgrep: await findProgram('rg'),
    anchors: await anchorsFile(options.cache),
    peers: await findPeers(options.peers),
    peerLimit: options.peerLimit,
    progress: options.progress,
    signal: options.signal,
  }
}

async function reportOf(results: BenchResult[], parts: BenchParts): Promise<BenchReport> {
  const git = await findProgram('git')
  const machine = await describeMachine({
    ...(parts.ripgrep === null ? {} : { ripgrep: parts.ripgrep }),
    ...(git === null ? {} : { git }),
    ...parts.peers,
  })
  return makeReport(machine, results)
}

async function runOne(name: BenchName, parts: CorpusParts, options: CorpusRunOptions): Promise<BenchResult> {
  switch (name) {
    case 'engine':
      return await benchEngine(parts, options.detectorsTimes)
    case 'folder':
      return await benchFolder(parts)
    case 'memory':
      return await benchMemory(parts)
    case 'start':
      return await benchStart(parts)
  }
}
