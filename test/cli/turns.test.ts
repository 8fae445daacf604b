import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createTurns } from '../../src/cli/turns.ts'

describe('turns', () => {
  test('let as many run as may, and begin the others in the order they came', async () => {
    const inTurn = createTurns(2)
    const begun: number[] = []
    let running = 0
    let most = 0

    await Promise.all(
      [0, 1, 2, 3, 4, 5].map((piece) =>
        inTurn(async () => {
          begun.push(piece)
          most = Math.max(most, ++running)
          await setImmediate()
          running--
        }),
      ),
    )

    expect(begun).toEqual([0, 1, 2, 3, 4, 5])
    expect(most).toBe(2)
  })

  test('go on after a piece that failed', async () => {
    const inTurn = createTurns(1)

    const failed = inTurn(async () => {
      throw new Error('broken')
    })
    const next = inTurn(async () => 'done')

    await expect(failed).rejects.toThrow('broken')
    await expect(next).resolves.toBe('done')
  })
})
