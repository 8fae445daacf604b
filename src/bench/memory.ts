/** The memory benchmark: the most that `keyrecall scan` holds at a time, over many files, one large one, and an archive. */
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { engineText } from './engine-text.ts'
import { chooseCores } from './machine.ts'
import type { Measured } from './measure.ts'
import { type BenchResult, type Bound, judge, makeRow } from './report.ts'
import type { CorpusParts } from './run-parts.ts'
import { runScan } from './scan-run.ts'

/** Megabytes are counted in powers of ten. */
const folderBudget = 300e6

export async function benchMemory(parts: CorpusParts): Promise<BenchResult> {
  const cores = await chooseCores(2)
  const text = await engineText(parts.corpus)
  parts.progress('memory: packing one large text')
  const targets: [string, string, number][] = [
    ['a folder', parts.corpus.folder, parts.corpus.bytes],
    ['one large text', text.path, text.bytes],
    ['the same in gzip', await packed(text.path), text.bytes],
  ]
  const result: BenchResult = {
    bench: 'memory',
    over: 'most memory resident at a time',
    rows: [],
    verdicts: [],
    notes: [],
    details: {},
  }
  for (const [name, target, bytes] of targets) {
    parts.progress(`memory: ${name}`)
    const { measured } = await runScan(target, cores, parts)
    const row = makeRow(`keyrecall, ${name}`, true, [measured], bytes)
    result.rows.push(row)
    const verdict = memoryVerdict(`memory for ${name}`, folderBudget, [measured])
    if (verdict === null) result.notes.push('this system does not tell the memory of processes')
    else result.verdicts.push(verdict)
  }
  return result
}

/** Null where the memory of no run is known. */
export function memoryVerdict(what: string, budget: number, runs: readonly Measured[]) {
  const bound: Bound = { what, unit: 'bytes', bound: 'most', budget }
  const peaks = runs.flatMap(({ peak_bytes }) => peak_bytes ?? [])
  return peaks.length === 0 ? null : judge(bound, Math.max(...peaks))
}

async function packed(path: string): Promise<string> {
  const target = `${path}.gz`
  const [text, known] = await Promise.all([stat(path), stat(target).catch(() => null)])
  if (known !== null && known.mtimeMs >= text.mtimeMs) return target
  const draft = `${target}.tmp`
  await pipeline(createReadStream(path), createGzip({ level: 1 }), createWriteStream(draft))
  await rename(draft, target)
  return target
}
