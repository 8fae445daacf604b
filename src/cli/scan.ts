/**
 * `keyrecall scan`: no database, no queue, no account. Everything heavy (detectors, SDKs) is imported when the first
 * blob or source needs it; results come out at the end, since a finding holds all its places.
 */
import type { Command } from 'commander'
import type { SourceProblem } from '../model/blob.ts'
import { AppError } from '../model/errors.ts'
import type { Target } from '../model/target.ts'
import { detectorFileNames, loadDetectors, readDetectorFiles } from '../scan/custom/load-detectors.ts'
import type { Engine } from '../scan/engine.ts'
import { defaultArchiveLimits } from '../sources/archive/limits.ts'
import { parseTarget } from '../sources/target.ts'
import type { CommandContext } from './context.ts'
import type { Ignores } from './ignore.ts'
import { catchInterrupt } from './interrupt.ts'
import { type EngineWish, loadEngine } from './load-engine.ts'
import { loadIgnores } from './load-ignores.ts'
import { mergeFound } from './merge-found.ts'
import { createPartRunner } from './part-runner.ts'
import { problemPrinter } from './problem-printer.ts'
import { noProgress, type Progress, startProgress } from './progress.ts'
import { declareScanOptions, type RawScanOptions, readScanOptions, type ScanOptions } from './scan-options.ts'
import { cliSources } from './scan-sources.ts'
import { scanTargets } from './scan-targets.ts'
import type { Found, UnitParts } from './scan-unit.ts'
import { exitStatus, idleLines, summaryLine } from './summary.ts'
import { newTally, statsReport, type Tally, tallyProblem } from './tally.ts'
import { packageVersion } from './version.ts'
import { mostProblems, writeFindings } from './write-findings.ts'
import { checkWritable, writeFileWhole, writeStream } from './write-output.ts'

const details = `
A TARGET is one of
  PATH                   a file or folder; what git keeps in .git is read by git:PATH
  -                      standard input
  git:PATH|URL           the whole history of a repository: all branches, tags, and what nothing points to
  github:OWNER[/REPO]    the repositories of an organisation or user, or one repository
  github-search:QUERY    the files that GitHub's code search finds
  s3://BUCKET[/PREFIX]   the objects of a bucket, in all their versions

Environment: GITHUB_TOKEN, GITHUB_API_URL; S3_ENDPOINT, S3_REGION, S3_FORCE_PATH_STYLE, S3_ANONYMOUS and the
variables of the AWS SDK; KEYRECALL_HOME (the key of fingerprints, ~/.keyrecall) or KEYRECALL_SERVICE_KEY (the same key on
every machine); KEYRECALL_DETECTORS_FILE
(YAML files of detectors, as in PATH, where --detectors-file is not given).

Examples:
  keyrecall scan .
  keyrecall scan git:https://github.com/acme/shop --format json --output leaks.json
  keyrecall scan --staged
  keyrecall scan --commits origin/main..HEAD
  keyrecall scan s3://acme-backups/2026 --exclude '*.parquet' --strict
  keyrecall scan . --baseline known.jsonl
  keyrecall scan . --detectors-file acme.yaml

Exit status: 0 nothing found, 1 findings, 2 something could not be read or the usage was wrong (2 wins over 1).
What is left out on purpose is counted and shown and changes the status only with --strict. An interrupted scan
prints what it has found and ends with 2.
`

export function configure(command: Command, context: CommandContext): void {
  command.argument('[target...]', 'what to scan, see below')
  declareScanOptions(command)
  command.addHelpText('after', details).action(async (targets: string[], raw: RawScanOptions) => {
    context.exitStatus = await scan(targets, raw, context)
  })
}

async function scan(targetTexts: string[], raw: RawScanOptions, context: CommandContext): Promise<number> {
  const options = readScanOptions(raw, context.stdout)
  const targets = readTargets(targetTexts, options)
  if (options.output !== null) await checkWritable(options.output, '--output')
  if (options.stats !== null) await checkWritable(options.stats, '--stats')
  const known = options.baseline === null ? new Set<string>() : await loadBaseline(options.baseline)
  const ignores = await loadIgnores(targets, options)
  const serviceKey = await readServiceKey(context.env)
  const named = options.detectorsFiles
  const files = await readDetectorFiles(
    named.length > 0 ? named : detectorFileNames(context.env['KEYRECALL_DETECTORS_FILE']),
  )
  const { detectors, heedComments } = options
  const wish = { detectors, files, heedComments }
  const engine = engineLoader(wish)
  // Unknown ids and broken files are refused before anything is read.
  if (detectors !== null || files.length > 0) await engine()

  const tally = newTally()
  const progress = progressFor(options, tally, context)
  const printer = problemPrinter(context.stderr, progress)
  const problems: SourceProblem[] = []
  const report = (problem: SourceProblem): void => {
    tallyProblem(tally, problem)
    printer.print(problem)
    if (problems.length < mostProblems) problems.push(problem)
  }
  const note = (line: string): void => {
    if (!options.quiet) printer.note(line)
  }
  const parts = { wish, engine, tally, progress, report, note, ignores, env: context.env }
  const found = await read(targets, options, parts)
  if (ignores !== null) tally.hidden = ignores.hidden
  const home = context.env['KEYRECALL_HOME']
  const findings = await mergeFound(found, { options, known, tally, report, home, serviceKey, ignores })

  const scanned = {
    targets: namesOf(targetTexts, options),
    tally,
    problems,
    detectors: () => loadDetectors(files),
  }
  await writeFindings(findings, scanned, options, context)
  if (options.stats !== null) {
    const { prefilterName } = await import('../scan/gate-module.ts')
    const stats = { ...statsReport(tally, findings.length), prefilter: prefilterName() }
    await writeFileWhole(options.stats, [`${JSON.stringify(stats, null, 2)}\n`])
  }
  printer.printRest()
  if (!options.quiet && ignores !== null && isWhole(options, tally)) {
    await writeStream(context.stderr, idleLines(ignores))
  }
  if (!options.quiet) {
    const line = summaryLine(tally, findings.length, performance.now() - tally.startedAt)
    await writeStream(context.stderr, [`${line}\n`])
  }
  return exitStatus(tally, findings.length, options.strict)
}

/** @throws AppError `usage` where nothing was named */
function readTargets(texts: readonly string[], options: ScanOptions): Target[] {
  const targets = texts.map(parseTarget)
  if (options.staged) targets.push({ type: 'git-changes', range: null })
  for (const range of options.commits) targets.push({ type: 'git-changes', range })
  if (targets.length === 0) {
    throw new AppError('usage', 'name what to scan: a path, git:., github:OWNER, s3://BUCKET, or --staged')
  }
  const { branch, since } = options.range
  if ((branch ?? since) !== null && !targets.some(({ type }) => type === 'git' || type === 'github')) {
    const named = branch === null ? `--since ${JSON.stringify(since)}` : `--branch ${JSON.stringify(branch)}`
    throw new AppError('usage', `${named} limits git histories; name one, such as git:. or github:OWNER/REPO`)
  }
  return targets
}

function namesOf(texts: readonly string[], options: ScanOptions): string[] {
  return [
    ...texts,
    ...(options.staged ? ['--staged'] : []),
    ...options.commits.map((range) => `--commits ${range}`),
  ]
}

/** Whether an entry that hid nothing has nothing to hide; of part of a scan one cannot tell. */
function isWhole(options: ScanOptions, tally: Tally): boolean {
  return (
    options.detectors === null && options.minConfidence !== 'high' && !options.staged && !tally.interrupted
  )
}

interface ReadParts extends Pick<UnitParts, 'engine' | 'tally' | 'report' | 'note'> {
  wish: EngineWish
  progress: Progress
  ignores: Ignores | null
  env: NodeJS.ProcessEnv
}

/** Everything found in the targets; ends early, with what there is, at an interrupt. */
async function read(targets: Target[], options: ScanOptions, parts: ReadParts): Promise<Found[]> {
  const { wish, engine, tally, progress, report, note, ignores, env } = parts
  const { excluded, exclude, threads, tasks, range, maxSize, minConfidence: least } = options
  const sources = cliSources({
    env,
    range,
    maxSize,
    fresh: options.fresh,
    wanted: async () =>
      JSON.stringify([
        packageVersion(),
        (await engine()).detectorSet,
        options.heedComments,
        least,
        maxSize,
        exclude,
        defaultArchiveLimits,
      ]),
    excluded: (path, folder) =>
      excluded(path) || (folder !== undefined && ignores?.skips(path, folder) === true),
    measure: progress !== noProgress,
  })
  const interrupt = catchInterrupt()
  const { signal } = interrupt
  const archive = defaultArchiveLimits
  const onProgress = progress.update
  const runner = createPartRunner({
    threads,
    setup: { engine: wish, exclude, archive, least },
    here: { engine, excluded, archive, least, onProgress, signal },
    tally,
  })
  try {
    return await scanTargets(targets, {
      sources,
      engine,
      runner,
      excluded,
      least,
      tally,
      onProgress,
      report,
      note,
      tasks,
      signal,
    })
  } finally {
    tally.interrupted = signal.aborted
    interrupt.release()
    progress.stop()
    await Promise.all([sources.close(), runner.close()])
  }
}

/** The key that makes fingerprints the same on every machine that has it. A wrong one is refused before anything is read. */
async function readServiceKey(env: NodeJS.ProcessEnv): Promise<Buffer | null> {
  const text = env['KEYRECALL_SERVICE_KEY']
  if (!text) return null
  const { readConfig } = await import('../config/config.ts')
  return readConfig({ KEYRECALL_SERVICE_KEY: text }).serviceKey ?? null
}

async function loadBaseline(path: string): Promise<ReadonlySet<string>> {
  const { readBaseline } = await import('./baseline.ts')
  return await readBaseline(path)
}

function engineLoader(wish: EngineWish): () => Promise<Engine> {
  let loading: Promise<Engine> | undefined
  return () => (loading ??= loadEngine(wish))
}

function progressFor(options: ScanOptions, tally: Tally, context: CommandContext): Progress {
  if (!options.progress || context.stderr.isTTY !== true) return noProgress
  return startProgress(context.stderr, tally)
}
