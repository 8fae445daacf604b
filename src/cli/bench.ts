/**
 * `keyrecall bench`: speed, memory and start, as ratios to other programs in the same run. The budgets are those of
 * the design; what is run is this very program with the defaults of `keyrecall scan`.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { peerNames } from '../bench/peers.ts'
import { type BenchName, type BenchReport, benches } from '../bench/report.ts'
import type { RunOptions } from '../bench/run.ts'
import { AppError } from '../model/errors.ts'
import { type CommandContext, wantsColor } from './context.ts'
import { createProgressLine } from './demo-progress.ts'
import { catchInterrupt } from './interrupt.ts'
import { writeStream } from './write-output.ts'

interface BenchFlags {
  dir?: string
  size: number
  files: number
  seed: number
  detectorsTimes: number
  repeat: number
  only: BenchName[]
  peers: string[]
  peerLimit: number
  json?: boolean
}

const help = `
Corpora are built below $KEYRECALL_HOME/bench (or --dir) and used again. The text corpus is made up from a seed and
mixed with the texts of the packages installed here; made-up credentials are planted, and each must be found.
Ripgrep and other scanners are compared with where they are on PATH; nobody is asked anything.

Examples:
  keyrecall bench
  keyrecall bench --only engine --json
  keyrecall bench git ~/src/rails --verify
  keyrecall bench --size 50MB --files 2000 --repeat 1

Exit status: 0 all budgets are met, 1 one is missed, 2 something failed or the usage was wrong.
`

export function configure(command: Command, context: CommandContext): void {
  command
    .option('--dir <folder>', 'where corpora are kept (default: $KEYRECALL_HOME/bench)')
    .option('--size <bytes>', 'bytes of the text corpus', parseSize, 1_000_000_000)
    .option('--files <n>', 'files of the text corpus', wholeNumber(1, 10_000_000), 24_000)
    .option('--seed <n>', 'vary the text corpus', wholeNumber(0, 4_294_967_295), 1)
    .option('--detectors-times <n>', 'compare with so many times the detectors', wholeNumber(1, 64), 2)
    .option('--repeat <n>', 'runs of everything; medians are taken', wholeNumber(1, 99), 3)
    .option('--only <names>', 'of engine, folder, memory, start; separated by commas', parseNames, [
      ...benches,
    ])
    .option('--peers <names>', 'other scanners to compare with: auto, none or names', parsePeers, peerNames)
    .option('--peer-limit <seconds>', 'stop another scanner after so long', wholeNumber(1, 86_400), 600)
    .option('--json', 'print one JSON object instead of tables')
    .addHelpText('after', help)
    .action((flags: BenchFlags) => bench(flags, context))
  command
    .command('git <clone...>')
    .description('scan whole histories, beside git itself and other scanners')
    .option('--verify', 'compare what is found with scanning every blob whole')
    .action((clones: string[], own: { verify?: boolean }) =>
      benchGit(clones, own.verify ?? false, command.opts<BenchFlags>(), context),
    )
  command
    .command('engine-pass <text> <index>', { hidden: true })
    .option('--times <n>', 'so many times the detectors', wholeNumber(1, 64), 1)
    .option('--stages', 'time the stages')
    .action(async (text: string, index: string, flags: { times: number; stages?: boolean }) => {
      const { runEnginePass } = await import('../bench/engine-pass.ts')
      const options = { text, index, detectorsTimes: flags.times, stages: flags.stages ?? false }
      await writeStream(context.stdout, [`${JSON.stringify(await runEnginePass(options))}\n`])
    })
}

async function bench(flags: BenchFlags, context: CommandContext): Promise<void> {
  const { runBenches } = await import('../bench/run.ts')
  await reportOn((options) => runBenches({ ...flags, ...options }), flags, context)
}

async function benchGit(
  clones: readonly string[],
  verify: boolean,
  flags: BenchFlags,
  context: CommandContext,
): Promise<void> {
  const { runHistoryBenches } = await import('../bench/run.ts')
  await reportOn((options) => runHistoryBenches(clones, { ...options, verify }), flags, context)
}

async function reportOn(
  run: (options: RunOptions) => Promise<BenchReport>,
  flags: BenchFlags,
  context: CommandContext,
): Promise<void> {
  const { repeat, peers, peerLimit } = flags
  const cache = await cacheFolder(flags, context)
  const progress = createProgressLine(context.stderr)
  const interrupt = catchInterrupt()
  const { signal } = interrupt
  const show = (line: string): void => progress.show(line)
  const report = await run({ main: mainFile(), cache, repeat, peers, peerLimit, progress: show, signal })
    .catch((error: unknown) => {
      throw signal.aborted ? new AppError('unavailable', 'interrupted') : error
    })
    .finally(() => {
      progress.end()
      interrupt.release()
    })
  await writeReport(report, flags.json === true, context)
}

async function writeReport(report: BenchReport, json: boolean, context: CommandContext): Promise<void> {
  const { drawReport } = await import('../bench/draw-report.ts')
  const text = json
    ? JSON.stringify(report, null, 2)
    : drawReport(report, {
        width: context.stdout.columns ?? 120,
        color: wantsColor(context.stdout, context.env),
        bars: context.stdout.isTTY === true,
      })
  await writeStream(context.stdout, [json ? `${text}\n` : text])
  context.exitStatus = report.pass ? 0 : 1
}

/** What is measured is the program that was called, as it was called. */
function mainFile(): string {
  const path = process.argv[1]
  if (path === undefined) throw new AppError('usage', 'the bench runs only from the command line')
  return path
}

async function cacheFolder(flags: BenchFlags, context: CommandContext): Promise<string> {
  const { openHome } = await import('../base/home.ts')
  const folder = resolve(flags.dir ?? join((await openHome(context.env['KEYRECALL_HOME'])).dir, 'bench'))
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new AppError('usage', `--dir "${folder}" cannot be made a folder; name another`, { cause })
  }
  return folder
}

function parseSize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kMG]?)B?$/.exec(text) ?? []
  const size = Number(number) * ({ k: 1e3, M: 1e6, G: 1e9 }[unit ?? ''] ?? 1)
  if (number === undefined || size < 1e5 || size > 1e12) {
    throw new InvalidArgumentError('It is a size from 100kB to 1000GB, such as 50MB.')
  }
  return Math.round(size)
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
    }
    return value
  }
}

function parseNames(text: string): BenchName[] {
  const named = text.split(',').map((name) => name.trim())
  const names = benches.filter((name) => named.includes(name))
  if (names.length < named.length) {
    throw new InvalidArgumentError(`The benches are ${benches.join(', ')}.`)
  }
  return names
}

function parsePeers(text: string): string[] {
  if (text === 'auto') return peerNames
  const names = text === 'none' ? [] : text.split(',').map((name) => name.trim())
  if (!names.every((name) => peerNames.includes(name))) {
    throw new InvalidArgumentError(`It is auto, none, or some of ${peerNames.join(', ')}.`)
  }
  return names
}
