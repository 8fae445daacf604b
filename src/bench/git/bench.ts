/**
 * The history benchmark: `keyrecall scan git:CLONE`, attribution included, against git printing all objects, against
 * git printing all changes, and against the scanners that are found; on a copy of the clone that holds enough hits.
 */
import { createHash } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import { openHome } from '../../base/home.ts'
import { fingerprint } from '../../findings/fingerprint.ts'
import { Secret } from '../../model/secret.ts'
import { gitEnvironment } from '../../sources/git/environment.ts'
import { chooseCores } from '../machine.ts'
import { type Measured, measure } from '../measure.ts'
import { memoryVerdict } from '../memory.ts'
import { peerRounds } from '../peer-rounds.ts'
import { type BenchResult, judge, makeRow, type Row } from '../report.ts'
import type { BenchParts } from '../run-parts.ts'
import { freshHome, homeOf, type ReportedFinding, readFindings, runScan, type ScanRun } from '../scan-run.ts'
import { copyClone } from './copy-clone.ts'
import { gitVerdicts } from './judge-history.ts'
import { type PlantedCommit, plantHistory } from './plant-history.ts'
import { gitLines } from './run-git.ts'
import { compareWithWhole, type SetDifference } from './verify-set.ts'

/** So that attribution is timed on something. */
const leastHits = 1000
const spare = 50
/** A run of git of this many seconds is not repeated. */
const long = 60
const printAll = ['cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer']
const printChanges = ['log', '-p', '--all', '-U0']

export async function benchHistory(clone: string, verify: boolean, parts: BenchParts): Promise<BenchResult> {
  const { progress, signal, repeats } = parts
  const name = `${basename(resolve(clone))}-${createHash('sha256').update(resolve(clone)).digest('hex').slice(0, 8)}`
  const gitDir = join(parts.cache, 'clones', `${name}.git`)
  progress(`${clone}: copying`)
  await copyClone(clone, gitDir, signal)
  const cores = await chooseCores(2)
  const scan = async (): Promise<ScanRun> => {
    await freshHome(parts)
    return await runScan(`git:${gitDir}`, cores, parts)
  }
  progress(`${clone}: counting hits`)
  const own = (await scan()).stats.hits
  progress(`${clone}: planting`)
  const planted =
    own >= leastHits
      ? []
      : await plantHistory(
          gitDir,
          { count: leastHits - own + spare, branches: 12, name: 'bench-planted' },
          signal,
        )

  const peers = peerRounds(gitDir, 'history', cores, parts)
  const ours: ScanRun[] = []
  const all: Measured[] = []
  const changes: Measured[] = []
  for (let turn = 1; turn <= repeats; turn++) {
    progress(`${clone}: round ${turn} of ${repeats}`)
    ours.push(await scan())
    all.push(await runPrinting(printAll, gitDir, cores, parts))
    if (!changes.some(({ seconds }) => seconds > long))
      changes.push(await runPrinting(printChanges, gitDir, cores, parts))
    await peers.run()
  }
  const last = ours.at(-1) ?? (await scan())
  const blamed = await blame(await readFindings(last), planted, parts)
  // While the home folder is as the last scan left it.
  const again = await runAgain(gitDir, clone, cores, parts)
  const difference = verify ? await verifySet(gitDir, clone, cores, parts) : null

  const packBytes = await sizeOfPacks(gitDir, signal)
  const whole = makeRow(
    'keyrecall scan git:',
    true,
    ours.map(({ measured }) => measured),
    packBytes,
  )
  const printed = makeRow('git cat-file, all objects', false, all, packBytes)
  const rows: Row[] = [
    whole,
    makeRow('keyrecall, after one new commit', true, [again.measured]),
    printed,
    makeRow('git log -p, all branches', false, changes, packBytes),
  ]
  const others = peers.rows(packBytes)
  const memory = memoryVerdict('memory', 600e6, whole.runs)
  return {
    bench: 'git',
    over: `${clone}, packs of ${Math.round(packBytes / 1e6)} MB, ${last.stats.hits} hits`,
    rows: [...rows, ...others],
    verdicts: [
      ...gitVerdicts({ packBytes, ours: whole, printed, peers: others, again: again.measured.seconds }),
      ...(memory === null ? [] : [memory]),
      judge(none('planted credentials missed'), blamed.missed.length),
      judge(none('planted credentials blamed on another'), blamed.onAnother.length),
      judge(none('new commit: credentials missed'), again.missed),
      ...(difference === null
        ? []
        : [
            judge(
              none('set differs from scanning whole'),
              difference.missing.length + difference.extra.length,
            ),
          ]),
    ],
    notes: [
      planted.length > 0
        ? `${planted.length} credentials planted in side branches of a copy, which had ${own} hits`
        : `nothing was planted: it has ${own} hits`,
      ...(last.stats.errors > 0 ? [`${last.stats.errors} objects or archives could not be read whole`] : []),
      ...peers.notes(),
    ],
    details: {
      clone,
      pack_bytes: packBytes,
      hits: last.stats.hits,
      planted: planted.length,
      missed: blamed.missed,
      blamed_on_another: blamed.onAnother,
      scan_seconds: last.stats.seconds,
      same_set: difference,
    },
  }
}

function none(what: string) {
  return { what, unit: 'missed', bound: 'most', budget: 0 } as const
}

async function runPrinting(
  args: readonly string[],
  gitDir: string,
  cores: readonly number[] | null,
  parts: BenchParts,
): Promise<Measured> {
  const env = gitEnvironment({ protocols: [], gitDir })
  const name = `git ${args[0] ?? ''}`
  return await measure({ name, command: 'git', args, env, cores, statuses: [0] }, parts.signal)
}

async function keyOf(parts: BenchParts): Promise<Buffer> {
  return await (await openHome(homeOf(parts))).localKey()
}

/** Planted credentials that were not found, and those none of whose places names their author. */
async function blame(
  findings: readonly ReportedFinding[],
  planted: readonly PlantedCommit[],
  parts: BenchParts,
): Promise<{ missed: string[]; onAnother: string[] }> {
  const key = await keyOf(parts)
  const authors = new Map(
    findings.map((finding) => [finding.fingerprint, finding.places.map((place) => place.author_email)]),
  )
  const missed: string[] = []
  const onAnother: string[] = []
  for (const { detector, value, email } of planted) {
    const named = authors.get(fingerprint(key, new Secret(Buffer.from(value), detector), detector))
    if (named === undefined) missed.push(`${detector} of ${email}`)
    else if (!named.includes(email)) onAnother.push(`${detector} of ${email}`)
  }
  return { missed, onAnother }
}

async function verifySet(
  gitDir: string,
  clone: string,
  cores: readonly number[] | null,
  parts: BenchParts,
): Promise<SetDifference> {
  parts.progress(`${clone}: scanning every blob whole, to compare`)
  await freshHome(parts)
  const run = await runScan(`git:${gitDir}`, cores, parts, ['--min-confidence', 'low'])
  return await compareWithWhole(gitDir, await keyOf(parts), await readFindings(run), parts.signal)
}

/** One commit more, and the home folder as the last scan left it. */
async function runAgain(
  gitDir: string,
  clone: string,
  cores: readonly number[] | null,
  parts: BenchParts,
): Promise<{ measured: Measured; missed: number }> {
  parts.progress(`${clone}: one new commit`)
  const planted = await plantHistory(gitDir, { count: 1, branches: 1, name: 'bench-new' }, parts.signal)
  const run = await runScan(`git:${gitDir}`, cores, parts)
  const { missed } = await blame(await readFindings(run), planted, parts)
  return { measured: run.measured, missed: missed.length }
}

async function sizeOfPacks(gitDir: string, signal: AbortSignal): Promise<number> {
  const lines = await gitLines(['count-objects', '-v'], { gitDir, signal })
  const line = lines.find((one) => one.startsWith('size-pack: ')) ?? ''
  return Number(line.slice('size-pack: '.length)) * 1024
}
