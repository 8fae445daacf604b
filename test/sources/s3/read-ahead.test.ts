import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAhead } from '../../../src/sources/s3/read-ahead.ts'

test('results come in order, failures in their place, never more than the width at once', async () => {
  const plan = fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(plan, fc.integer({ min: 1, max: 5 }), async (items, width) => {
      let running = 0
      let most = 0
      const work = async (item: { turns: number; fails: boolean }): Promise<number> => {
        running += 1
        most = Math.max(most, running)
        for (let count = 0; count < item.turns; count += 1) await turn()
        running -= 1
        if (item.fails) throw new Error('planned')
        return item.turns
      }

      const seen: unknown[] = []
      for await (const { item, settled } of readAhead(items, width, work, new AbortController().signal)) {
        seen.push(item)
        expect(settled.status).toBe(item.fails ? 'rejected' : 'fulfilled')
      }

      expect(seen).toEqual(items)
      expect(most).toBeLessThanOrEqual(width)
    }),
    { numRuns: 50 },
  )
})

test('who stops early cancels what runs ahead and waits for its end', async () => {
  const ended: number[] = []
  const work = async (item: number, signal: AbortSignal): Promise<number> => {
    if (item > 0) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    ended.push(item)
    return item
  }

  for await (const _one of readAhead([0, 1, 2, 3], 3, work, new AbortController().signal)) break

  expect(new Set(ended)).toEqual(new Set([0, 1, 2]))
})
