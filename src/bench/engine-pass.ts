/**
 * One process of the engine benchmark: text in memory, blob by blob through the engine, timed within, since the start
 * of Node is no part of it. A first part of the text warms up the machine code and is scanned again.
 */
import { readFile } from 'node:fs/promises'
import { detectors } from '../../detectors/index.ts'
import type { Detector } from '../model/detector.ts'
import { createEngine, type Engine } from '../scan/engine.ts'
import { createPrefilter } from '../scan/gate.ts'
import type { Prefilter } from '../scan/prefilter.ts'
import { multiplyDetectors } from './more-detectors.ts'

export interface EnginePassOptions {
  /** All texts, one behind the other. */
  text: string
  /** JSON: the length of each. */
  index: string
  detectorsTimes: number
  /** Time the stages too, which costs some itself. */
  stages: boolean
}

/** What the process prints, as JSON. */
export interface EnginePass {
  seconds: number
  /** Processor time of the pass, that of the collector's threads included. */
  cpu_seconds: number
  bytes: number
  candidates: number
  /** Detector, and start and end in the whole text, of every hit. */
  hits: [string, number, number][]
  /** Seconds by stage, where they were asked for. */
  stages: Record<string, number> | null
}

const warmUpBytes = 24 * 1024 * 1024

export async function runEnginePass(options: EnginePassOptions): Promise<EnginePass> {
  const bytes = await readFile(options.text)
  const lengths = JSON.parse(await readFile(options.index, 'utf8')) as number[]
  const used = multiplyDetectors(detectors, options.detectorsTimes)
  const clock: Record<string, number> | null = options.stages ? { gate: 0, check: 0 } : null
  const engine = clock === null ? createEngine(used) : stagedEngine(used, clock)
  pass(engine, bytes, lengths, warmUpBytes)
  if (clock !== null) for (const stage of Object.keys(clock)) clock[stage] = 0
  const result = pass(engine, bytes, lengths, Number.POSITIVE_INFINITY)
  return { ...result, stages: clock === null ? null : withRest(clock, result.seconds) }
}

function pass(
  engine: Engine,
  bytes: Buffer,
  lengths: readonly number[],
  most: number,
): Omit<EnginePass, 'stages'> {
  const hits: [string, number, number][] = []
  let at = 0
  let candidates = 0
  const used = process.cpuUsage()
  const started = performance.now()
  for (const length of lengths) {
    const result = engine.scanBytes(bytes.subarray(at, at + length))
    candidates += result.stats.candidates
    for (const { detector, span } of result.hits)
      hits.push([detector, at + span.byte_start, at + span.byte_end])
    at += length
    if (at >= most) break
  }
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(used)
  return { seconds, cpu_seconds: (user + system) / 1e6, bytes: at, candidates, hits }
}

/** The same engine with a clock around its gate and around the checks. */
function stagedEngine(used: readonly Detector[], clock: Record<string, number>): Engine {
  const timed = <T>(stage: string, work: () => T): T => {
    const started = performance.now()
    const result = work()
    clock[stage] = (clock[stage] ?? 0) + (performance.now() - started) / 1000
    return result
  }
  const checked = used.map((detector) => {
    const { check } = detector
    if (check === undefined) return detector
    return {
      ...detector,
      check: (...given: Parameters<typeof check>) => timed('check', () => check(...given)),
    }
  })
  return createEngine(checked, {
    prefilter(wanted): Prefilter {
      const prefilter = createPrefilter(wanted)
      return { ...prefilter, candidates: (bytes) => timed('gate', () => prefilter.candidates(bytes)) }
    },
  })
}

function withRest(clock: Readonly<Record<string, number>>, total: number): Record<string, number> {
  const known = Object.values(clock).reduce((sum, one) => sum + one, 0)
  return { ...clock, detect_decode_lines: Math.max(0, total - known) }
}
