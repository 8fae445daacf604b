/** The options of `keyrecall scan`: how they are declared, and what they become once they are checked. */
import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { AppError } from '../model/errors.ts'
import { type Confidence, confidences } from '../model/hit.ts'
import type { OutputStream } from './context.ts'
import { excluder } from './exclude.ts'

const formats = ['table', 'jsonl', 'json', 'sarif', 'csv', 'html'] as const
type Format = (typeof formats)[number]

/** Formats that people upload and mail around. */
const passedOn: ReadonlySet<Format> = new Set<Format>(['sarif', 'csv', 'html'])

export const detectorsFileHelp = 'add the detectors of a YAML file; may be given again'

const mostJobs = 256
/** Each thread takes 30 to 60 MB: more of them would take more than a scan should without being asked. */
const mostDefaultThreads = 4
/** What waits for servers does so side by side, also on one core. */
const fewestTasks = 4

export interface ScanOptions {
  format: Format
  /** File for the results; standard output where null. */
  output: string | null
  /** Ids of the detectors to use; all where null. */
  detectors: readonly string[] | null
  /** YAML files with more of them; those that the environment names where empty. */
  detectorsFiles: readonly string[]
  excluded: (path: string) => boolean
  /** The globs `excluded` stands for. */
  exclude: readonly string[]
  /** Scan what is staged in the repository here. */
  staged: boolean
  /** What of git histories is read: all of it where both are null. */
  range: { branch: string | null; since: string | null }
  /** Bytes of the largest object read in git histories; the usual bound where null. */
  maxSize: number | null
  /** Whole histories are read again, whatever was read before. */
  fresh: boolean
  /** Ranges of commits whose changes are scanned. */
  commits: readonly string[]
  baseline: string | null
  /** Allow files that were named. */
  ignoreFiles: readonly string[]
  /** Whether comments with `keyrecall:allow` let a credential stay. */
  heedComments: boolean
  /** Whether `.keyrecallignore` at the root of a scanned folder is heeded. */
  ownIgnoreFiles: boolean
  minConfidence: Confidence
  /** Threads that scan. */
  threads: number
  /** Listings, repositories, buckets and the like read at one time. */
  tasks: number
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
  detectorsFile: string[]
  exclude: string[]
  staged?: boolean
  commits: string[]
  branch?: string
  since?: string
  maxSize?: number
  fresh?: boolean
  baseline?: string
  ignoreFile?: boolean
  allowComments?: boolean
  ignoreFiles?: string[]
  minConfidence: Confidence
  jobs?: number
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
    .option('--detectors-file <file>', detectorsFileHelp, collect, [])
    .option('--exclude <glob>', 'leave out matching paths; may be given again', collect, [])
    .option('--staged', 'scan what would be committed in the repository here, as git has it')
    .option('--commits <range>', 'scan the files that commits brought, e.g. origin/main..HEAD', collect, [])
    .option('--branch <name>', 'of git histories, what this branch or tag leads to', parseName)
    .option('--since <commit|date>', 'of git histories, what came after this commit or day', parseName)
    .option('--max-size <bytes>', 'of git histories, nothing larger than this', parseSize)
    .option('--fresh', 'read whole git histories again, also what an earlier scan has read')
    .option('--baseline <file>', 'leave out the findings of an earlier result (json, jsonl, csv or sarif)')
    .addOption(
      new Option(
        '--ignore-file <file>',
        'hide what this allow file names, in every target; may be given again',
      ).argParser((path, before) => {
        // Beside its own value, which `--no-ignore-file` takes.
        command.setOptionValue('ignoreFiles', [...(command.getOptionValue('ignoreFiles') ?? []), path])
        return before
      }),
    )
    .option('--no-ignore-file', 'heed no .keyrecallignore in the folders that are scanned')
    .option('--no-allow-comments', 'report also what a comment with keyrecall:allow lets stay')
    .addOption(
      new Option('--min-confidence <level>', 'least confidence to report')
        .choices([...confidences])
        .default('medium'),
    )
    .option(
      '-j, --jobs <n>',
      'threads that scan, and targets read at one time (default: one a core, up to 4 threads)',
      parseJobs,
    )
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
    detectorsFiles: raw.detectorsFile,
    excluded: excluder(raw.exclude),
    exclude: raw.exclude,
    staged: raw.staged ?? false,
    commits: raw.commits,
    range: { branch: raw.branch ?? null, since: raw.since ?? null },
    maxSize: raw.maxSize ?? null,
    fresh: raw.fresh ?? false,
    baseline: raw.baseline ?? null,
    ignoreFiles: raw.ignoreFiles ?? [],
    ownIgnoreFiles: raw.ignoreFile !== false,
    heedComments: raw.allowComments !== false,
    minConfidence: raw.minConfidence,
    threads: raw.jobs ?? defaultThreads(),
    tasks: raw.jobs ?? Math.max(fewestTasks, defaultThreads()),
    stats: raw.stats ?? null,
    progress: raw.progress && !raw.quiet,
    quiet: raw.quiet ?? false,
    showSecrets: raw.showSecrets ?? false,
    strict: raw.strict ?? false,
  }
}

function defaultThreads(): number {
  return Math.min(availableParallelism(), mostDefaultThreads)
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

function parseName(text: string): string {
  if (text === '' || text.startsWith('-') || text.includes('\0')) {
    throw new InvalidArgumentError('It is a name, and does not begin with "-".')
  }
  return text
}

function parseSize(text: string): number {
  const size = Number(text)
  if (!/^\d+$/.test(text) || size < 1 || !Number.isSafeInteger(size)) {
    throw new InvalidArgumentError('It is a whole number of bytes, 1 or more.')
  }
  return size
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
