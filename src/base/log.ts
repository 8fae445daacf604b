/**
 * The log: JSON lines on stderr (stdout belongs to results). Fixed messages, ids in fields. Our own credentials
 * are scrubbed by value from every finished line, also in base64 at any alignment, as `Authorization: Basic`
 * would show them; so no code path has to remember to.
 */
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { describeError } from './log-error.ts'

export type Log = Logger

export interface LogOptions {
  /** `fatal` to `trace`, or `silent`. */
  level: string
  /** Default: stderr, written synchronously so that the last lines of a crash are there. */
  destination?: DestinationStream
  /** Values that may never show. Shorter than 6 characters is ignored: it would blank ordinary words. */
  scrub?: readonly string[]
}

export function createLog(options: LogOptions): Log {
  const target = options.destination ?? destination({ fd: 2, sync: true })
  const values = forms(options.scrub ?? [])
  const stream: DestinationStream = {
    write(line: string): void {
      let clean = line
      for (const value of values) clean = clean.replaceAll(value, '[scrubbed]')
      target.write(clean)
    },
  }
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: withDescribedErrors },
      // Pino's own would take the description for an error.
      serializers: { err: (value: unknown) => value },
    },
    stream,
  )
}

function withDescribedErrors(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? describeError(value) : value,
    ]),
  )
}

/** Every spelling of the values to look for, longest first so that no part of one is left standing. */
function forms(secrets: readonly string[]): string[] {
  const all = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < 6) continue
    all.add(secret)
    all.add(JSON.stringify(secret).slice(1, -1))
    all.add(encodeURIComponent(secret))
    for (const shift of [0, 1, 2]) {
      const inner = base64At(secret, shift)
      if (inner.length < 6) continue
      all.add(inner)
      all.add(inner.replaceAll('+', '-').replaceAll('/', '_'))
    }
  }
  return [...all].sort((a, b) => b.length - a.length)
}

/** The characters of a base64 text that depend on `secret` alone when it begins at byte `shift` modulo 3. */
function base64At(secret: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)])
  const text = bytes.toString('base64').replace(/=+$/, '')
  const start = shift === 0 ? 0 : shift + 1
  const end = Math.floor((bytes.length * 8) / 6)
  return text.slice(start, end)
}
