import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createPool, type Pool } from '../../src/scan/pool.ts'

interface Part {
  do: 'double' | 'count' | 'fail' | 'exit' | 'throw' | 'sum' | 'until-stopped'
  number?: number
  wait?: number
  buffer?: ArrayBuffer
}

const entry = new URL('./pool-thread.mjs', import.meta.url)
const open: Pool<Part, number>[] = []

function pool(threads: number, setup: unknown = {}): Pool<Part, number> {
  const made = createPool<Part, number>({ entry, threads, setup })
  open.push(made)
  return made
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

describe('a pool of threads', () => {
  test('answers each part with its own result, whichever ends first', async () => {
    const { run } = pool(3)

    const results = await Promise.all(
      [30, 1, 20, 1, 10, 1].map((wait, number) => run({ do: 'double', number, wait })),
    )

    expect(results).toEqual([0, 2, 4, 6, 8, 10])
  })

  test('keeps what a thread has made from part to part', async () => {
    const { run } = pool(1)

    expect([await run({ do: 'count' }), await run({ do: 'count' })]).toEqual([1, 2])
  })

  test('ends threads that rest, and starts new ones for what comes then', async () => {
    const { run, rest } = pool(2)
    const busy = run({ do: 'double', number: 4, wait: 200 })
    expect(await run({ do: 'count' })).toBe(1)

    await rest()

    // The thread that counted is gone; the one at work stays.
    expect(await run({ do: 'count' })).toBe(1)
    expect(await busy).toBe(8)
    await rest()
    expect(await Promise.all([run({ do: 'count' }), run({ do: 'double', number: 1 })])).toEqual([1, 2])
  })

  test('starts no more threads than there are parts', async () => {
    const { run } = pool(4)

    await run({ do: 'count' })

    // The one thread there is does the next part, too.
    expect(await run({ do: 'count' })).toBe(2)
  })

  test('hands bytes over instead of copying them', async () => {
    const { run } = pool(1)
    const { buffer } = new Uint8Array([1, 2, 3])

    const sum = await run({ do: 'sum', buffer }, [buffer])

    expect([sum, buffer.byteLength]).toEqual([6, 0])
  })

  test('lets a maker of parts in only when fewer wait than it may leave there', async () => {
    const { run, room } = pool(1)
    const first = run({ do: 'double', number: 1, wait: 50 })
    const second = run({ do: 'double', number: 2 })
    let free = false

    const waiting = room(1).then(() => (free = true))
    await sleep(5)
    expect(free).toBe(false)
    await first
    await waiting
    expect(await second).toBe(4)
    await room(1)
  })
})

describe('what goes wrong in a thread', () => {
  test('is told without the text of the error, and the thread goes on', async () => {
    const { run } = pool(1)

    const failed = run({ do: 'fail' })

    await expect(failed).rejects.toMatchObject({ code: 'internal' })
    await expect(failed).rejects.not.toThrow('this text')
    expect(await run({ do: 'double', number: 4 })).toBe(8)
  })

  test.each(['exit', 'throw'] as const)(
    'costs one part where the thread ends by %s: another does the rest',
    async (how) => {
      const { run } = pool(1)
      const lost = run({ do: how })
      const others = [1, 2, 3].map((number) => run({ do: 'double', number }))

      await expect(lost).rejects.toMatchObject({
        code: 'internal',
        message: expect.stringContaining('ended') as string,
      })
      expect(await Promise.all(others)).toEqual([2, 4, 6])
    },
  )

  test('ends what waits where threads keep ending, and what comes later', async () => {
    const { run } = pool(1)

    const results = await Promise.allSettled(
      ['exit', 'exit', 'double'].map((what) => run({ do: what as 'exit' })),
    )

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(run({ do: 'count' })).rejects.toMatchObject({ code: 'internal' })
  })

  test('is told for each part where a thread cannot be set up', async () => {
    const { run } = pool(2, { broken: true })

    const results = await Promise.allSettled([run({ do: 'count' }), run({ do: 'count' })])

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

describe('the end', () => {
  test('lets parts that are under way end early, and begins no others', async () => {
    const { run, stop } = pool(1)
    const underWay = run({ do: 'until-stopped' })
    const waiting = run({ do: 'count' })
    waiting.catch(() => {})

    stop()

    expect(await underWay).toBeTypeOf('number')
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' })
    await expect(run({ do: 'count' })).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('does not wait for a thread that would never end', async () => {
    const { run, close, room } = pool(1)
    const never = run({ do: 'double', number: 1, wait: 600_000 })
    const waiting = run({ do: 'count' })
    const letIn = room(1)
    for (const one of [never, waiting]) one.catch(() => {})

    await close()

    await expect(never).rejects.toMatchObject({ code: 'unavailable' })
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' })
    await letIn
  })
})
