/**
 * One search at a time, with a pause between their starts: the throttling plugin's own group pauses two seconds
 * and belongs to the whole process, whereas limits belong to a token. Has the one method the plugin calls.
 */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Spacing {
  key(id: string): { schedule(options: unknown, job: () => Promise<void>): Promise<void> }
}

/** @param interval milliseconds between two starts */
export function createSpacing(interval: number): Spacing {
  let last: Promise<unknown> = Promise.resolve()
  let nextAt = 0

  async function wait(): Promise<void> {
    const pause = nextAt - Date.now()
    if (pause > 0) await sleep(pause)
    nextAt = Date.now() + interval
  }

  return {
    key: () => ({
      async schedule(_options, job) {
        const turn = last.then(wait)
        last = turn
        await turn
        await job()
      },
    }),
  }
}
