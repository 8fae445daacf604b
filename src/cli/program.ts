/**
 * The command line as a whole: names of commands, and how usage errors end. A command's own file is imported only
 * when the command is called, so that an empty scan starts in the time Node takes.
 */
import { Command, CommanderError } from 'commander'
import { AppError, asAppError } from '../model/errors.ts'
import { asInstallError } from './broken-install.ts'
import type { CommandContext, CommandModule } from './context.ts'
import { visible } from './terminal-text.ts'
import { packageVersion } from './version.ts'

interface CommandEntry {
  name: string
  summary: string
  load(): Promise<CommandModule>
}

const commands: readonly CommandEntry[] = [
  {
    name: 'scan',
    summary: 'look for credentials in files, git histories, GitHub and S3',
    load: () => import('./scan.ts'),
  },
  {
    name: 'detectors',
    summary: 'list the kinds of credentials that are found, and explain one',
    load: () => import('./detectors.ts'),
  },
  {
    name: 'serve',
    summary: 'run the service: API, workers and scheduler',
    load: () => import('./serve.ts'),
  },
  {
    name: 'tokens',
    summary: 'make, list and revoke the tokens that open the API',
    load: () => import('./tokens.ts'),
  },
  {
    name: 'demo',
    summary: 'see a leak found, disabled and mailed in a small local world',
    load: () => import('./demo.ts'),
  },
  {
    name: 'bench',
    summary: 'measure speed and memory beside other programs, and hold them to budgets',
    load: () => import('./bench.ts'),
  },
]

const examples = `
Examples:
  keyrecall scan .                          what a folder leaks
  keyrecall scan git:.                      what the history of a repository leaks
  keyrecall scan github:acme s3://backups   a GitHub organisation and a bucket
  keyrecall help scan                       all options of a command

Exit status: 0 nothing found, 1 findings, 2 something could not be read or the usage was wrong.
`

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit status
 */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    const program = await createProgram(args, context)
    await program.parseAsync(args, { from: 'user' })
    return context.exitStatus
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    reportError(asInstallError(error), context)
    return 2
  }
}

async function createProgram(args: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('keyrecall')
  program
    .description('Finds leaked credentials, proves them offline, has their issuer disable them.')
    .version(packageVersion(), '-V, --version')
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 100,
      getErrHelpWidth: () => context.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) =>
        write(
          `keyrecall: ${visible(text.trim().replace(/^error: /, '')).replaceAll(String.raw`\n`, '\n')}\n`,
        ),
    })
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.summary)
    if (args.includes(entry.name)) (await entry.load()).configure(command, context)
  }
  return program
}

/** One line for people; the stack only where the person asked for it, since it can name what was scanned. */
function reportError(error: unknown, context: CommandContext): void {
  const shown = asAppError(error)
  const debugging = ['debug', 'trace'].includes(context.env['LOG_LEVEL'] ?? '')
  // A list of settings has a line for each; every other message is one line, whatever it quotes.
  const text = visible(shown.message)
  const lines = shown.code === 'config' ? text.replaceAll(String.raw`\n`, '\n') : text
  context.stderr.write(`keyrecall: ${lines}\n`)
  if (shown.code === 'internal' && !debugging) context.stderr.write('LOG_LEVEL=debug tells where.\n')
  if (shown.code === 'usage') context.stderr.write('See "keyrecall help" for what can be asked for.\n')
  const cause = error instanceof AppError ? error.cause : error
  if (debugging && cause instanceof Error) {
    context.stderr.write(`${visible(cause.stack ?? String(cause)).replaceAll(String.raw`\n`, '\n')}\n`)
  }
}
