/**
 * `keyrecall tokens`: the bearer tokens of the API, straight in the database, so that a lost admin token can be
 * replaced by whoever has the service's environment or home folder. Works beside a running service as well as without.
 */
import { type Command, Option } from 'commander'
import { createLog } from '../base/log.ts'
import { readConfig, secretsOf } from '../config/config.ts'
import { AppError } from '../model/errors.ts'
import { atTokenDesk, type Scope, scopes, type TokenDesk, type TokenRow } from '../serve/token-desk.ts'
import { type CommandContext, wantsColor } from './context.ts'
import { drawTable } from './render.ts'
import { visible } from './terminal-text.ts'
import { writeStream } from './write-output.ts'

const help = `
Run it with the environment of the service (DATABASE_URL, KEYRECALL_SERVICE_KEY), or as the user whose KEYRECALL_HOME
holds the embedded database; the service may be running.

Examples:
  keyrecall tokens create --scope admin         a lost admin token, replaced
  keyrecall tokens create --scope read --name grafana
  keyrecall tokens list
  keyrecall tokens revoke ID
`

export function configure(command: Command, context: CommandContext): void {
  command.addHelpText('after', help)
  command
    .command('create')
    .description('make a token; it is printed once, alone on standard output, and kept nowhere')
    .addOption(
      new Option('--scope <scope>', 'what it may do; each includes the ones before it')
        .choices([...scopes])
        .makeOptionMandatory(),
    )
    .option('--name <name>', 'what it is for, shown in the list', 'made at a terminal')
    .action((options: { scope: Scope; name: string }) => create(options, context))
  command
    .command('list')
    .description('all tokens, without the tokens themselves')
    .option('--json', 'print a JSON array')
    .action((options: { json?: boolean }) => list(options, context))
  command
    .command('revoke <id>')
    .description('end a token; the list has the ids')
    .action((id: string) => revoke(id, context))
}

async function create(options: { scope: Scope; name: string }, context: CommandContext): Promise<void> {
  const name = options.name.trim()
  if (name === '' || name.length > 200) {
    throw new AppError('usage', 'the name of a token has 1 to 200 characters')
  }
  const token = await atDesk(context, (desk) => desk.create({ name, scopes: [options.scope] }))
  await writeStream(context.stdout, [`${token}\n`])
  context.stderr.write(
    `A token with the scope "${options.scope}", shown this once; keep it in a secret store.\n`,
  )
}

async function list(options: { json?: boolean }, context: CommandContext): Promise<void> {
  const rows = await atDesk(context, (desk) => desk.list())
  const text = options.json ? `${JSON.stringify(rows.map(asJson), null, 2)}\n` : asTable(rows, context)
  await writeStream(context.stdout, [text])
}

async function revoke(id: string, context: CommandContext): Promise<void> {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    // The text is not repeated: it may be a token.
    throw new AppError('usage', 'that is not the id of a token; "keyrecall tokens list" prints them')
  }
  await atDesk(context, (desk) => desk.revoke(id))
  context.stderr.write(`The token ${id} opens nothing any more.\n`)
}

async function atDesk<Result>(
  context: CommandContext,
  work: (desk: TokenDesk) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(context.env)
  // What a start of the embedded database has to say is for a service's log.
  const level = context.env['LOG_LEVEL'] ? config.logLevel : 'warn'
  return await atTokenDesk(config, createLog({ level, scrub: secretsOf(config) }), work)
}

function asJson(row: TokenRow): object {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    created_at: row.createdAt,
    last_used_at: row.lastUsedAt,
    revoked_at: row.revokedAt,
  }
}

function asTable(rows: readonly TokenRow[], context: CommandContext): string {
  const cells = rows.map((row) => [
    { lines: [row.id] },
    { lines: [row.scopes.join(' ')] },
    { lines: [day(row.createdAt)] },
    { lines: [row.lastUsedAt === null ? 'never' : day(row.lastUsedAt)] },
    { lines: [row.revokedAt === null ? 'live' : 'revoked'] },
    { lines: [visible(row.name)] },
  ])
  return drawTable(['ID', 'SCOPE', 'MADE', 'LAST USED', 'STATE', 'NAME'], cells, {
    width: context.stdout.columns ?? 120,
    color: wantsColor(context.stdout, context.env),
  })
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10)
}
