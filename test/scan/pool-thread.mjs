/** A thread for the tests of the pool: does what its part says. */
import { setTimeout as sleep } from 'node:timers/promises'
import { serveParts } from '../../dist/src/scan/serve-parts.js'

serveParts(async (setup, stopped) => {
  if (setup.broken) throw new Error('cannot be set up')
  let done = 0
  return async (part) => {
    switch (part.do) {
      case 'double':
        await sleep(part.wait ?? 0)
        return 2 * part.number
      case 'count':
        done += 1
        return done
      case 'fail':
        throw new Error('this text stays in the thread')
      case 'exit':
        return process.exit(7)
      case 'throw':
        setImmediate(() => {
          throw new Error('outside of any part')
        })
        return await sleep(60_000)
      case 'sum':
        return new Uint8Array(part.buffer).reduce((sum, one) => sum + one, 0)
      case 'until-stopped': {
        let turns = 0
        while (!stopped()) {
          turns += 1
          await sleep(1)
        }
        return turns
      }
    }
  }
})
