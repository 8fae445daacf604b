/** `keyrecall serve`: the service in this process, until it is told to end. */
import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { createLog } from '../base/log.ts'
import { readConfig, secretsOf } from '../config/config.ts'
import type { CommandContext } from './context.ts'
import { packageVersion } from './version.ts'

interface ServeOptions {
  role: string[]
}

const help = `
Without --role everything runs in this process. Without DATABASE_URL a PostgreSQL of its own is started, with its
data in $KEYRECALL_HOME; without REDIS_URL the queue is in PostgreSQL too. All settings are environment variables.

Examples:
  keyrecall serve                       one machine, nothing else needed
  keyrecall serve --role worker         one of many; needs DATABASE_URL and KEYRECALL_SERVICE_KEY
`

/** Work under way may take this long to end; then the process ends without it and others take it up. */
const graceMilliseconds = 25_000

export function configure(command: Command, context: CommandContext): void {
  command
    .option('--role <role...>', 'api, worker, scheduler; several may be named (all)', [])
    .addHelpText('after', help)
    .action((options: ServeOptions) => serve(options, context))
}

async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const config = readConfig(context.env)
  const log = createLog({ level: config.logLevel, scrub: secretsOf(config) })
  const { chooseRoles, startService } = await import('../serve/service.ts')
  const { prefilterName } = await import('../scan/gate-module.ts')
  const roles = chooseRoles(
    options.role.flatMap((one) => one.split(',')),
    config,
  )
  const service = await startService({ config, roles, version: packageVersion(), log })
  const prefilter = roles.has('worker') ? prefilterName() : undefined
  log.info({ roles: [...roles], url: service.url ?? undefined, prefilter }, 'service started')
  if (prefilter === 're2')
    log.warn({ prefilter }, 'no WebAssembly with SIMD here: scans take several times as long')
  if (service.firstToken !== null) {
    context.stdout.write(
      `Admin token, shown this once: ${service.firstToken}\nKeep it in a secret store; it opens the API${service.url ? ` at ${service.url}` : ''}.\n`,
    )
  }
  await new Promise<void>((resolve) => {
    closeWithGrace({ delay: graceMilliseconds, logger: false }, async ({ err, signal }) => {
      if (err) log.fatal({ err }, 'service ends')
      else log.info({ signal }, 'service ends')
      await service.stop()
      context.exitStatus = err ? 2 : 0
      resolve()
    })
  })
}
