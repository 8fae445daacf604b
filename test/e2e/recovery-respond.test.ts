/** A worker killed with SIGKILL while it responds: nothing is disabled twice, and no mail has a second Message-ID. */
import { describe, it } from 'vitest'
import type { CrashPoint } from '../../src/base/crash-point.ts'
import { setUp, startScan } from '../../src/demo/steps.ts'
import { beginRecovery, expectWhole, loseWorker } from './recovery-run.ts'

/** Where the worker dies: the place, and at which passing. */
const deaths: readonly `${CrashPoint}#${number}`[] = [
  'after-plan#1',
  'after-plan#9',
  'before-answer#1',
  'before-answer#10',
  'after-answer#1',
  'after-answer#8',
  'after-answer#15',
  'after-confirm#1',
  'after-confirm#5',
  'after-collect#1',
  'before-smtp#1',
  'before-smtp#5',
  'after-smtp#1',
  'after-smtp#4',
]

describe('a worker killed while it responds,', () => {
  it.each(deaths.map((point, index) => ({ point, seed: index + 1 })))(
    'at $point is taken over by the next',
    async ({ point, seed }) => {
      const here = await beginRecovery(seed)
      await here.start({ roles: ['api', 'scheduler'] })
      await setUp(here.client(), here.world)
      if (point.startsWith('after-confirm')) here.world.issuer.setFault('bare-202')

      await loseWorker(here, point, () => startScan(here.client()))

      await expectWhole(here, !point.startsWith('after-confirm'))
    },
  )
})
