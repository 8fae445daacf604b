/** The options of `keyrecall scan`: how they are declared, and what they become once they are checked. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { AppError } from '../model/errors.ts'
import { type Confidence, confidences } from '../model/hit.ts'
import type { OutputStream } from './context.ts'
import { excluder } from './exclude.ts'
import { visible } from './terminal-text.ts'

const formats = ['table', 'jsonl', 'json', 'sarif', 'csv', 'html'] as const
type Format = (typeof formats)[number]

/** Formats that people upload and mail around. */
const passedOn: ReadonlySet<Format> = new Set<Format>(['sarif', 'csv', 'html'])

const defaultJobs = 4
const mostJobs = 256

export interface ScanOptions {
  format: Format
  /** File for the results; standard output where null. */
  output: string | null
  /** Ids of the detectors to use; all where null. */
  detectors: readonly string[] | null
  excluded: (path: string) => boolean
  baseline: string | null
  minConfidence: Confidence
  /** Units read at one time. */
  jobs: number
  stats: string | null
  progress: boolean
  quiet: boolean
  showSecrets: boolean
  strict: boolean
}

/** As commander hands them over. */
export interface RawScanOptions {
  format?: Format
  output?: string
  detectors: string[]
  exclude: string[]
  baseline?: string
  minConfidence: Confidence
  jobs: number
  stats?: string
  progress: boolean
  quiet?: boolean
  showSecrets?: boolean
  force?: boolean
  strict?: boolean
}

export function declareScanOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '-f, --format <name>',
        'table, jsonl, json, sarif, csv or html (default: table on a terminal, jsonl otherwise)',
      ).argParser(parseFormat),
    )
    .option('-o, --output <file>', 'write the results there, whole or not at all')
    .option(
      '--detectors <ids>',
      'only these, separated by commas (see: keyrecall detectors list)',
      collectIds,
      [],
    )
    .option('--exclude <glob>', 'leave out matching paths; may be given again', collect, [])
    .option('--baseline <file>', 'leave out the findings of an earlier result (json or jsonl)')
    .addOption(
      new Option('--min-confidence <level>', 'least confidence to report')
        .choices([...confidences])
        .default('medium'),
    )
    .option('-j, --jobs <n>', 'units to read at one time', parseJobs, defaultJobs)
    .option('--stats <file>', 'write what went in and out of every step, as JSON')
    .option('--no-progress', 'draw no progress on a terminal')
    .option('-q, --quiet', 'print no summary and no progress')
    .option('--show-secrets', 'print the credentials themselves; only to a terminal, unless --force is given')
    .option('--force', 'let --show-secrets write to a file or pipe')
    .option('--strict', 'exit with 2 also where something was left out on purpose (.git aside)')
}

/** @throws AppError `usage` where options contradict each other or where they are */
export function readScanOptions(raw: RawScanOptions, stdout: OutputStream): ScanOptions {
  const output = raw.output ?? null
  const toTerminal = output === null && stdout.isTTY === true
  if (raw.showSecrets && !toTerminal && !raw.force) {
    throw new AppError(
      'usage',
      '--show-secrets writes credentials to a terminal only; add --force to write them to a file or pipe',
    )
  }
  const format = raw.format ?? (toTerminal ? 'table' : 'jsonl')
  if (raw.showSecrets && passedOn.has(format)) {
    throw new AppError(
      'usage',
      `--show-secrets does not go with --format ${format}, which is made to be passed on; take table, json or jsonl`,
    )
  }
  return {
    format,
    output,
    detectors: raw.detectors.length === 0 ? null : raw.detectors,
    excluded: excluder(raw.exclude),
    baseline: raw.baseline ?? null,
    minConfidence: raw.minConfidence,
    jobs: raw.jobs,
    stats: raw.stats ?? null,
    progress: raw.progress && !raw.quiet,
    quiet: raw.quiet ?? false,
    showSecrets: raw.showSecrets ?? false,
    strict: raw.strict ?? false,
  }
}

function parseFormat(text: string): Format {
  const format = formats.find((name) => name === text)
  if (format === undefined) {
    throw new InvalidArgumentError(`The formats are ${formats.join(', ')}.`)
  }
  return format
}

function parseJobs(text: string): number {
  const jobs = Number(text)
  if (!/^\d+$/.test(text) || jobs < 1 || jobs > mostJobs) {
    throw new InvalidArgumentError(`It is a whole number from 1 to ${mostJobs}.`)
  }
  return jobs
}

function collect(text: string, before: string[]): string[] {
  return [...before, text]
}

function collectIds(text: string, before: string[]): string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (ids.length === 0) throw new InvalidArgumentError('Name at least one detector.')
  return [...before, ...ids]
}

/**
 * The detectors asked for.
 * @throws AppError `usage` naming an id that is not there, and the nearest one that is
 */
export function chooseDetectors<D extends { id: string }>(
  all: readonly D[],
  ids: readonly string[] | null,
): readonly D[] {
  if (ids === null) return all
  for (const id of ids) {
    if (!all.some((detector) => detector.id === id)) throw unknownDetector(id, all)
  }
  return all.filter((detector) => ids.includes(detector.id))
}

/** The error for an id that no detector has. */
export function unknownDetector(id: string, all: readonly { id: string }[]): AppError {
  const near = all.filter(
    (detector) => detector.id.includes(id) || id.includes(detector.id.split('-')[0] ?? id),
  )
  const hint =
    near.length === 0
      ? '"keyrecall detectors list" prints all'
      : `near it are ${near
          .slice(0, 5)
          .map((detector) => detector.id)
          .join(', ')}`
  return new AppError('usage', `there is no detector "${visible(id)}"; ${hint}`)
}
