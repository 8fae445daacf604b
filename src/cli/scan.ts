/**
 * `keyrecall scan`: no database, no queue, no account. Everything heavy (detectors, SDKs) is imported when the first
 * blob or source needs it; results come out at the end, since a finding holds all its places.
 */
import type { Command } from 'commander'
import type { SourceProblem } from '../model/blob.ts'
import type { FindingRecord } from '../model/finding.ts'
import { confidences } from '../model/hit.ts'
import type { Engine } from '../scan/engine.ts'
import { parseTarget } from '../sources/target.ts'
import { type CommandContext, wantsColor } from './context.ts'
import { catchInterrupt } from './interrupt.ts'
import { problemPrinter } from './problem-printer.ts'
import { noProgress, type Progress, startProgress } from './progress.ts'
import {
  chooseDetectors,
  declareScanOptions,
  type RawScanOptions,
  readScanOptions,
  type ScanOptions,
} from './scan-options.ts'
import { cliSources } from './scan-sources.ts'
import { scanTargets } from './scan-targets.ts'
import type { Found } from './scan-unit.ts'
import { exitStatus, summaryLine } from './summary.ts'
import { newTally, statsReport, type Tally, tallyProblem } from './tally.ts'
import { checkWritable, writeFileWhole, writeStream } from './write-output.ts'

const details = `
A TARGET is one of
  PATH                   a file or folder, .git folders and all
  -                      standard input
  git:PATH|URL           the whole history of a repository: all branches, tags, and what nothing points to
  github:OWNER[/REPO]    the repositories of an organisation or user, or one repository
  github-search:QUERY    the files that GitHub's code search finds
  s3://BUCKET[/PREFIX]   the objects of a bucket, in all their versions

Environment: GITHUB_TOKEN, GITHUB_API_URL; S3_ENDPOINT, S3_REGION, S3_FORCE_PATH_STYLE, S3_ANONYMOUS and the
variables of the AWS SDK; KEYRECALL_HOME (the key of fingerprints, ~/.keyrecall).

Examples:
  keyrecall scan .
  keyrecall scan git:https://github.com/acme/shop --format json --output leaks.json
  git diff --cached | keyrecall scan -
  keyrecall scan s3://acme-backups/2026 --exclude '*.parquet' --strict
  keyrecall scan . --baseline known.jsonl

Exit status: 0 nothing found, 1 findings, 2 something could not be read or the usage was wrong (2 wins over 1).
What is left out on purpose is counted and shown and changes the status only with --strict. An interrupted scan
prints what it has found and ends with 2.
`

export function configure(command: Command, context: CommandContext): void {
  command.argument('<target...>', 'what to scan, see below')
  declareScanOptions(command)
  command.addHelpText('after', details).action(async (targets: string[], raw: RawScanOptions) => {
    context.exitStatus = await scan(targets, raw, context)
  })
}

async function scan(targetTexts: string[], raw: RawScanOptions, context: CommandContext): Promise<number> {
  const options = readScanOptions(raw, context.stdout)
  const targets = targetTexts.map(parseTarget)
  if (options.output !== null) await checkWritable(options.output, '--output')
  if (options.stats !== null) await checkWritable(options.stats, '--stats')
  const known = options.baseline === null ? new Set<string>() : await loadBaseline(options.baseline)
  const engine = engineLoader(options)
  if (options.detectors !== null) await engine()

  const tally = newTally()
  const interrupt = catchInterrupt()
  const progress = progressFor(options, tally, context)
  const problems = problemPrinter(context.stderr, progress)
  const report = (problem: SourceProblem): void => {
    tallyProblem(tally, problem)
    problems.print(problem)
  }
  const sources = await cliSources(context.env)
  const found = await scanTargets(targets, {
    sources,
    engine,
    excluded: options.excluded,
    tally,
    onProgress: progress.update,
    report,
    jobs: options.jobs,
    signal: interrupt.signal,
  })
  tally.interrupted = interrupt.signal.aborted
  const findings = await merge(found, known, options, tally)
  progress.stop()
  interrupt.release()
  await sources.close()

  await writeFindings(findings, options, context)
  if (options.stats !== null) {
    await writeFileWhole(options.stats, [`${JSON.stringify(statsReport(tally, findings.length), null, 2)}\n`])
  }
  problems.printRest()
  if (!options.quiet) {
    const line = summaryLine(tally, findings.length, performance.now() - tally.startedAt)
    await writeStream(context.stderr, [`${line}\n`])
  }
  return exitStatus(tally, findings.length, options.strict)
}

async function loadBaseline(path: string): Promise<ReadonlySet<string>> {
  const { readBaseline } = await import('./baseline.ts')
  return await readBaseline(path)
}

function engineLoader(options: ScanOptions): () => Promise<Engine> {
  let loading: Promise<Engine> | undefined
  async function load(): Promise<Engine> {
    const [{ createEngine }, { detectors }] = await Promise.all([
      import('../scan/engine.ts'),
      import('../../detectors/index.ts'),
    ])
    return createEngine(chooseDetectors(detectors, options.detectors))
  }
  return () => (loading ??= load())
}

function progressFor(options: ScanOptions, tally: Tally, context: CommandContext): Progress {
  if (!options.progress || context.stderr.isTTY !== true) return noProgress
  return startProgress(context.stderr, tally)
}

/** Hits become findings: one a credential, with all its places, above the asked confidence, not in the baseline. */
async function merge(
  found: readonly Found[],
  known: ReadonlySet<string>,
  options: ScanOptions,
  tally: Tally,
): Promise<(FindingRecord & { secret?: string })[]> {
  const least = confidences.indexOf(options.minConfidence)
  const kept = found.filter(({ hit }) => confidences.indexOf(hit.confidence) >= least)
  tally.belowConfidence = found.length - kept.length
  if (kept.length === 0) return []
  const started = performance.now()
  const [{ mergeHits }, { openHome }] = await Promise.all([
    import('../findings/merge.ts'),
    import('../base/home.ts'),
  ])
  const key = await (await openHome()).localKey()
  const merged = mergeHits(key, kept)
  const findings = merged.filter((finding) => !known.has(finding.fingerprint))
  tally.inBaseline = merged.length - findings.length
  tally.milliseconds.merge += performance.now() - started
  if (!options.showSecrets) return findings
  const { withSecrets } = await import('./show-secrets.ts')
  return withSecrets(findings, kept, key)
}

async function writeFindings(
  findings: readonly (FindingRecord & { secret?: string })[],
  options: ScanOptions,
  context: CommandContext,
): Promise<void> {
  const pieces = await format(findings, options, context)
  if (options.output === null) await writeStream(context.stdout, pieces)
  else await writeFileWhole(options.output, pieces, options.showSecrets ? 0o600 : 0o666)
}

async function format(
  findings: readonly FindingRecord[],
  options: ScanOptions,
  context: CommandContext,
): Promise<Iterable<string>> {
  switch (options.format) {
    case 'table': {
      const { findingsTable } = await import('./findings-table.ts')
      const color = options.output === null && wantsColor(context.stdout, context.env)
      return [findingsTable(findings, { width: context.stdout.columns ?? 100, color })]
    }
    case 'json':
      return (await import('../respond/export/json.ts')).exportJson(findings)
    case 'jsonl':
      return (await import('../respond/export/jsonl.ts')).exportJsonl(findings)
  }
}
