/**
 * Places where the recovery tests kill the process. Production code passes them for the price of one look at a
 * constant; `KEYRECALL_CRASH_AT=name` kills at the first passing, `name#n` at the nth.
 */
export const crashPoints = [
  'after-claim',
  'between-findings',
  'between-blobs',
  'before-finish-task',
  'after-finish-task',
  'after-schedule-run',
  'before-outbox-send',
  'after-outbox-send',
  'after-plan',
  'before-answer',
  'after-answer',
  'after-confirm',
  'after-collect',
  'before-smtp',
  'after-smtp',
] as const
export type CrashPoint = (typeof crashPoints)[number]

const [wanted, count] = (process.env['KEYRECALL_CRASH_AT'] ?? '').split('#')
let left = Number(count ?? 1)

/** Ends the process with SIGKILL where the environment asks for it here; else does nothing. */
export function crashPoint(name: CrashPoint): void {
  if (name !== wanted) return
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}
