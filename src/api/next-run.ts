/**
 * Reads cron expressions with the parser the queue itself uses, so that what is accepted here runs there. An
 * expression that never comes due (31 February) is refused too.
 */
import { CronExpressionParser } from 'cron-parser'
import { ProblemError } from './errors.ts'

/** Five or six fields, or a macro like `@daily`. */
const form = /^(@[a-z]+|[0-9A-Z*,/?#-]+( +[0-9A-Z*,/?#-]+){4,5})$/i
/** `H` stands for another time at each reading; in `THU` it is only a letter. */
const hashed = /(^|[^A-Z])H([^A-Z]|$)/i

/** The next time after `from`; undefined when the expression or the time zone is not one. */
export function nextRun(cron: string, timeZone: string, from: Date): Date | undefined {
  if (!form.test(cron) || hashed.test(cron)) return undefined
  try {
    // An unknown zone makes the parser fall back in some versions: Intl decides.
    Intl.DateTimeFormat('en', { timeZone })
    return CronExpressionParser.parse(cron, { tz: timeZone, currentDate: from }).next().toDate()
  } catch {
    return undefined
  }
}

/** @throws ProblemError 422, saying which of the two is wrong */
export function checkCron(cron: string, timeZone: string): void {
  const from = new Date()
  if (!/^[+-]/.test(timeZone) && nextRun('* * * * *', timeZone, from) !== undefined) {
    if (nextRun(cron, timeZone, from) !== undefined) return
    throw new ProblemError(
      'unprocessable',
      'invalid-cron',
      `"${cron}" is not a cron expression that comes due`,
    )
  }
  throw new ProblemError('unprocessable', 'invalid-time-zone', `"${timeZone}" is not an IANA time zone`)
}
