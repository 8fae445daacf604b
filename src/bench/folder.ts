/**
 * The folder benchmark: `keyrecall scan` of the corpus on two cores against ripgrep over the same folder and against
 * the scanners that are found. The page cache is warm for all; rounds go A B A B.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Corpus } from './corpus/build.ts'
import type { Planted } from './corpus/planted.ts'
import { chooseCores } from './machine.ts'
import { type Measured, measure } from './measure.ts'
import { peerRounds } from './peer-rounds.ts'
import { type BenchResult, type Bound, fasterThan, judge, makeRow } from './report.ts'
import type { CorpusParts } from './run-parts.ts'
import { type ReportedFinding, readFindings, runScan, type ScanRun } from './scan-run.ts'

const overRipgrep = {
  what: 'folder against ripgrep, time',
  unit: 'times',
  bound: 'most',
  budget: 1.5,
  aim: 1,
} as const satisfies Bound
const noneMissed = { what: 'planted credentials missed', unit: 'missed', bound: 'most', budget: 0 } as const

export async function benchFolder(parts: CorpusParts): Promise<BenchResult> {
  const { corpus, repeats } = parts
  const cores = await chooseCores(2)
  parts.progress('folder: reading everything once')
  const read = await bareRead(corpus)
  const peers = peerRounds(corpus.folder, 'folder', cores, parts)
  const ours: ScanRun[] = []
  const ripgrep: Measured[] = []
  for (let turn = 1; turn <= repeats; turn++) {
    parts.progress(`folder: round ${turn} of ${repeats}`)
    ours.push(await runScan(corpus.folder, cores, parts))
    if (parts.ripgrep !== null) ripgrep.push(await runRipgrep(parts.ripgrep, cores, parts))
    await peers.run()
  }
  const last = ours.at(-1)
  const missed = last === undefined ? [] : missedPlanted(corpus, await readFindings(last))
  const own = makeRow(
    'keyrecall scan',
    true,
    ours.map(({ measured }) => measured),
    corpus.bytes,
  )
  const search = ripgrep.length > 0 ? [makeRow('ripgrep -F, two threads', false, ripgrep, corpus.bytes)] : []
  const others = peers.rows(corpus.bytes)
  return {
    bench: 'folder',
    over: `${corpus.files} files, ${cores === null ? 'all cores' : `${cores.length} cores`}, warm page cache`,
    rows: [own, ...search, ...others, makeRow('bare read', false, [read], corpus.bytes)],
    verdicts: [
      ...search.map((row) => judge(overRipgrep, own.seconds / row.seconds)),
      ...others.map((row) => fasterThan(row.name, own.seconds / row.seconds)),
      judge(noneMissed, missed.length),
    ],
    notes: [...(parts.ripgrep === null ? ['ripgrep (rg) is not on PATH'] : []), ...peers.notes()],
    details: {
      bytes: corpus.bytes,
      files: corpus.files,
      package_files: corpus.package_files,
      planted: corpus.planted.length,
      missed: missed.map(({ detector, path }) => ({ detector, path })),
      hits: last?.stats.hits,
      scan_seconds: last?.stats.seconds,
    },
  }
}

async function runRipgrep(
  path: string,
  cores: readonly number[] | null,
  parts: CorpusParts,
): Promise<Measured> {
  const args = ['--no-config', '-j2', '-a', '-uuu', '-c', '-F', '-f', parts.anchors, parts.corpus.folder]
  return await measure({ name: 'ripgrep', command: path, args, cores, statuses: [0, 1] }, parts.signal)
}

/** Every text read whole, one after the other; warms the page cache. */
async function bareRead(corpus: Corpus): Promise<Measured> {
  const started = performance.now()
  for (const [path] of corpus.texts) await readFile(join(corpus.folder, path))
  return { seconds: (performance.now() - started) / 1000, cpu_seconds: null, peak_bytes: null }
}

/** Planted credentials that no finding of their detector touches. */
export function missedPlanted(
  corpus: Pick<Corpus, 'folder' | 'planted'>,
  findings: readonly ReportedFinding[],
): Planted[] {
  const places = new Map<string, { detector: string; start: number; end: number }[]>()
  for (const { detector, places: reported } of findings) {
    for (const { path, archive_path, byte_start: start, byte_end: end } of reported) {
      const key = `${path}!${archive_path ?? ''}`
      const known = places.get(key)
      if (known === undefined) places.set(key, [{ detector, start, end }])
      else known.push({ detector, start, end })
    }
  }
  return corpus.planted.filter(({ detector, path, archive_path, byte_start, byte_end }) => {
    const near = places.get(`${corpus.folder}/${path}!${archive_path ?? ''}`) ?? []
    return !near.some((one) => one.detector === detector && one.start < byte_end && one.end > byte_start)
  })
}
