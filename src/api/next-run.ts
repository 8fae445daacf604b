/**
 * Reads cron expressions with the parser the queue itself uses, so that what is accepted here runs there. An
 * expression that never comes due (31 February) is refused too.
 */
import { CronExpressionParser } from 'cron-parser'
import { ProblemError } from './errors.ts'

/** The next time after `from`; undefined when the expression or the time zone is not one. */
export function nextRun(cron: string, timeZone: string, from: Date): Date | undefined {
  try {
    // An unknown zone makes the parser fall back in some versions: Intl decides.
    new Intl.DateTimeFormat('en', { timeZone })
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
