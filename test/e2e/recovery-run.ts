/** What every recovery test begins with, and what must hold in its end. */
import { expect, onTestFinished } from 'vitest'
import type { CrashPoint } from '../../src/base/crash-point.ts'
import { verifyAudit } from '../../src/store/audit.ts'
import { startWorldRun, type WorldRun } from './world-run.ts'

const leaks = 16

/** A world and its service, closed when the test has ended. */
export async function beginRecovery(seed: number): Promise<WorldRun> {
  const run = await startWorldRun({ seed, leaks })
  onTestFinished(() => run.close())
  return run
}

/** A worker dies at `point` of what `begin` starts, and another takes its place. */
export async function loseWorker(
  here: WorldRun,
  point: `${CrashPoint}#${number}`,
  begin: () => Promise<unknown>,
): Promise<void> {
  const dying = await here.start({ roles: ['worker'], crashAt: point })
  await begin()
  expect(await dying.ended).toBe('SIGKILL')
  await here.start({ roles: ['worker'] })
}

/** @param digests false where an owner's digest may come in parts, since look-ups have times of their own */
export async function expectWhole(here: WorldRun, digests = true): Promise<void> {
  const evidence = await here.settle()
  const { credentials, ...sums } = evidence
  expect(sums).toEqual({
    planted: leaks,
    found: leaks,
    disabled: leaks,
    mailed: leaks,
    decoys_touched: 0,
    stray_mails: [],
    repeated_mails: digests ? [] : (expect.any(Array) as unknown),
  })
  // However often a mail was repeated, it was the same one.
  const own = here.world.mailbox.mails().filter((mail) => mail.envelope.from.startsWith('keyrecall@'))
  const ids = credentials.map((one) =>
    own.filter((mail) => mail.text.includes(one.fingerprint.slice(0, 12))).map((mail) => mail.messageId),
  )
  expect(ids.map((each) => new Set(each).size)).toEqual(Array(leaks).fill(1))
  // However often a delivery was repeated, it was the same one.
  expect(credentials.map((one) => one.issuer_record?.deliveries.length)).toEqual(Array(leaks).fill(1))
  expect(await verifyAudit(here.database.db)).toMatchObject({ ok: true })
}
