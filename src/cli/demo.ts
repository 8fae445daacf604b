/** `keyrecall demo`: the whole product against a small local world, told as a table or as JSON. */
import { once } from 'node:events'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CredentialReport } from '../demo/evidence.ts'
import type { DemoOptions, DemoResult } from '../demo/run.ts'
import { AppError } from '../model/errors.ts'
import { type CommandContext, wantsColor } from './context.ts'
import { createProgressLine } from './demo-progress.ts'
import { catchInterrupt } from './interrupt.ts'
import { drawTable } from './render.ts'
import { count, visible } from './terminal-text.ts'
import { packageVersion } from './version.ts'
import { writeStream } from './write-output.ts'

interface DemoFlags {
  json?: boolean
  keep?: boolean
  seed: number
  leaks?: number
  break?: NonNullable<DemoOptions['break']>
}

const help = `
Starts a GitHub with real git, an S3 server, an issuer, a mail server and the service, all on this machine; plants
made-up credentials; and ends with status 0 only if the issuer's own records say that every one is disabled, every
owner was told and every decoy was left alone.
`

export function configure(command: Command, context: CommandContext): void {
  command
    .option('--json', 'print one JSON object instead of the table')
    .option('--keep', 'leave everything running until Ctrl-C, and print where')
    .option('--seed <n>', 'vary what is planted', wholeNumber(0), 1)
    .option('--leaks <n>', 'how many credentials are planted (16)', wholeNumber(1))
    .addOption(
      new Option('--break <part>', 'break a part and see what the demo says').choices([
        'issuer',
        'signature',
        'mail',
        'worker',
        'checksum',
      ]),
    )
    .addHelpText('after', help)
    .action((flags: DemoFlags) => demo(flags, context))
}

async function demo(flags: DemoFlags, context: CommandContext): Promise<void> {
  const { runDemo } = await import('../demo/run.ts')
  const progress = createProgressLine(context.stderr)
  const { signal } = catchInterrupt()
  const running = await runDemo({
    seed: flags.seed,
    version: packageVersion(),
    signal,
    progress: (line) => progress.show(line),
    ...(flags.leaks === undefined ? {} : { leaks: flags.leaks }),
    ...(flags.break === undefined ? {} : { break: flags.break }),
  })
    .catch((error: unknown) => {
      throw signal.aborted ? new AppError('unavailable', 'interrupted; nothing was left running') : error
    })
    .finally(() => progress.end())
  try {
    const { result } = running
    const text = flags.json ? `${JSON.stringify(asJson(result, flags))}\n` : asText(result, context)
    await writeStream(context.stdout, [text])
    context.exitStatus = result.failure ? 1 : 0
    if (flags.keep) await keep(result, signal, context)
  } finally {
    await running.close()
  }
}

function asJson(
  { evidence, failure, seconds, second_run, urls, tokens }: DemoResult,
  flags: DemoFlags,
): object {
  const { planted, found, disabled, mailed, decoys_touched, credentials } = evidence
  return {
    planted,
    found,
    disabled,
    mailed,
    decoys_touched,
    ok: failure === null,
    failed_step: failure?.step ?? null,
    message: failure?.message ?? null,
    seconds,
    second_run,
    credentials,
    // Of use only while there is something at the other end.
    ...(flags.keep ? { urls, tokens } : {}),
  }
}

function asText(result: DemoResult, context: CommandContext): string {
  const { evidence, failure } = result
  const table = drawTable(
    ['CREDENTIAL', 'CHECK', 'ISSUER', 'STATE', 'MAILED', 'AFTER', 'LEAKED IN'],
    evidence.credentials.map((one) => row(one)),
    { width: context.stdout.columns ?? 160, color: wantsColor(context.stdout, context.env) },
  )
  const counts =
    `${evidence.planted} planted, ${evidence.found} found, ${evidence.disabled} disabled, ` +
    `${evidence.mailed} owners told, ${evidence.decoys_touched} decoys touched, ` +
    `${result.seconds.toFixed(1)} s in all`
  const verdict = failure
    ? `FAILED at step "${failure.step}": ${failure.message}`
    : 'Every planted credential is disabled, every owner told, every decoy left alone; a second run added nothing.'
  return `${table}\n${counts}\n${verdict}\n`
}

function row(one: CredentialReport) {
  const holder = one.holder_mail ? [visible(one.holder_mail.to)] : []
  const owner = one.mail ? [visible(one.mail.to)] : []
  const shown = one.places.slice(0, 3).map(placeText)
  const more = one.places_count - shown.length
  return [
    { lines: [visible(one.secret_redacted ?? '–'), visible(one.detector)] },
    { lines: [visible(one.check ?? '–')] },
    { lines: [one.issuer_record?.disabled_at ? 'disabled' : 'still works'] },
    { lines: [visible(one.state)] },
    { lines: [...owner, ...holder] },
    { lines: [one.seconds === null ? '–' : `${one.seconds.toFixed(1)} s`] },
    { lines: more > 0 ? [...shown, `and ${count(more, 'more place')}`] : shown },
  ]
}

function placeText(place: CredentialReport['places'][number]): string {
  if (place.type === 's3_object') return visible(`s3://${place.bucket ?? ''}/${place.key ?? place.path}`)
  return visible(`${place.repository ?? ''}: ${place.path}`)
}

async function keep(result: DemoResult, signal: AbortSignal, context: CommandContext): Promise<void> {
  const { urls, tokens, targets } = result
  const { organisation_repository: repository } = urls
  context.stderr.write(
    [
      `API         ${urls.api} (documents itself at ${urls.api}/openapi.json)`,
      `token       ${tokens.api}`,
      `GitHub      ${urls.github}`,
      `repository  ${repository}`,
      `S3          ${urls.s3}`,
      `issuer      ${urls.issuer}`,
      'To scan by hand what the service scanned:',
      `  keyrecall scan git:${repository}`,
      `  export GITHUB_API_URL=${urls.github_api} GITHUB_TOKEN=${tokens.github}`,
      `  export S3_ENDPOINT=${urls.s3} AWS_ACCESS_KEY_ID=${tokens.s3_id} AWS_SECRET_ACCESS_KEY=${tokens.s3_key}`,
      ...targets.map((target) => `  keyrecall scan ${target}`),
      'Ctrl-C ends all of it.',
      '',
    ].join('\n'),
  )
  if (!signal.aborted) await once(signal, 'abort')
}

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > 1_000_000) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
    }
    return value
  }
}
