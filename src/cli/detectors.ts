/** `keyrecall detectors list|test|explain ID`: what is looked for, how sure one can be of it, and whether it works. */
import { type Command, Option } from 'commander'
import type { Detector } from '../model/detector.ts'
import { detectorFileNames, loadDetectors, readDetectorFiles } from '../scan/custom/load-detectors.ts'
import { unknownDetector } from './choose-detectors.ts'
import type { CommandContext } from './context.ts'
import { detectorsFileHelp } from './scan-options.ts'
import { writeStream } from './write-output.ts'

interface RawOptions {
  detectorsFile: string[]
  format: 'table' | 'json'
  json?: boolean
  anchors?: boolean
  issuer?: string
}

export function configure(command: Command, context: CommandContext): void {
  configureList(command, context)
  configureTest(command, context)
  configureExplain(command, context)
}

function configureList(command: Command, context: CommandContext): void {
  withFiles(command.command('list'))
    .description('all detectors: what they find, how it is checked offline, how candidates are met')
    .option('--issuer <name>', 'only those of an issuer; a part of its name is enough')
    .option('--anchors', 'print the fixed texts of 4 bytes and more, one a line, and nothing else')
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .action(async (options: RawOptions) => {
      const { listDetectors } = await import('./detectors-list.ts')
      const text = listDetectors(
        await all(options, context),
        { json: isJson(options), anchors: options.anchors ?? false, issuer: options.issuer ?? null },
        context,
      )
      await writeStream(context.stdout, [text])
    })
}

function configureTest(command: Command, context: CommandContext): void {
  withFiles(command.command('test'))
    .argument('[file...]', 'YAML files of detectors: not the built-in ones are tried, but theirs')
    .description('run the examples of detectors, alone and in the surroundings where credentials stand')
    .addHelpText(
      'after',
      '\nWithout FILE all detectors are tried, the built-in ones too.\n' +
        '\nExit status: 0 all good, 1 an example was missed or a near-miss reported, 2 a file cannot be used.\n',
    )
    .action(async (names: string[], options: RawOptions) => {
      const { testDetectors } = await import('./detectors-test.ts')
      const others = fileNames(options, context)
      const files = await readDetectorFiles([...new Set([...names, ...others])])
      const detectors = await loadDetectors(files)
      const chosen =
        names.length === 0 ? detectors : detectors.filter(({ revision }) => revision !== undefined)
      const report = testDetectors(detectors, chosen, context)
      await writeStream(context.stdout, [report.text])
      context.exitStatus = report.good ? 0 : 1
    })
}

function configureExplain(command: Command, context: CommandContext): void {
  withFiles(command.command('explain'))
    .argument('<id>', 'see: keyrecall detectors list')
    .description('one detector: what it looks for and checks, in words, and how its credentials are revoked')
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .action(async (id: string, options: RawOptions) => {
      const { explainDetector } = await import('./detectors-explain.ts')
      const { factsOf } = await import('./detector-facts.ts')
      const detectors = await all(options, context)
      const detector = detectors.find((one) => one.id === id)
      if (detector === undefined) throw unknownDetector(id, detectors)
      const text = isJson(options)
        ? `${JSON.stringify(factsOf(detector, Date.now()), null, 2)}\n`
        : explainDetector(detector, context.stdout.columns ?? 120)
      await writeStream(context.stdout, [text])
    })
}

async function all(options: RawOptions, context: CommandContext): Promise<readonly Detector[]> {
  return await loadDetectors(await readDetectorFiles(fileNames(options, context)))
}

function fileNames({ detectorsFile }: RawOptions, { env }: CommandContext): string[] {
  return detectorsFile.length > 0 ? detectorsFile : detectorFileNames(env['KEYRECALL_DETECTORS_FILE'])
}

function isJson({ format, json }: RawOptions): boolean {
  return json === true || format === 'json'
}

function formatOption(): Option {
  return new Option('--format <name>', 'how to print it').choices(['table', 'json']).default('table')
}

function withFiles(command: Command): Command {
  return command.option(
    '--detectors-file <file>',
    detectorsFileHelp,
    (name: string, before: string[]) => [...before, name],
    [],
  )
}
