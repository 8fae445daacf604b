/** A worker killed with SIGKILL while it reads sources: the next takes over, and it ends as if nothing had been. */
import { describe, it } from 'vitest'
import type { CrashPoint } from '../../src/base/crash-point.ts'
import { runScheduled, setUp, startScan } from '../../src/demo/steps.ts'
import { beginRecovery, expectWhole, loseWorker } from './recovery-run.ts'

/** Where the worker dies: the place, and at which passing. */
const deaths: readonly `${CrashPoint}#${number}`[] = [
  'after-claim#1',
  'after-claim#4',
  'after-claim#8',
  'between-findings#1',
  'between-findings#6',
  'between-blobs#2',
  'between-blobs#7',
  'before-finish-task#2',
  'before-finish-task#5',
  'before-finish-task#8',
  'after-finish-task#1',
  'after-finish-task#6',
  'after-schedule-run#1',
]

describe('a worker killed while it scans,', () => {
  it.each(deaths.map((point, index) => ({ point, seed: index + 1 })))(
    'at $point is taken over by the next',
    async ({ point, seed }) => {
      const here = await beginRecovery(seed)
      await here.start({ roles: ['api', 'scheduler'] })
      const setup = await setUp(here.client(), here.world)
      const scheduled = point.startsWith('after-schedule')

      await loseWorker(here, point, () =>
        scheduled ? runScheduled(here.client(), setup, () => {}) : startScan(here.client()),
      )

      await expectWhole(here)
    },
  )
})
