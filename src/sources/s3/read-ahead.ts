/** Runs up to `width` pieces of work ahead of who takes their results, and gives the results in order. */

/**
 * Work that is not taken is cancelled through the signal given to it and awaited, so that nothing is left
 * running. A result is either a value or what was thrown.
 */
export async function* readAhead<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<{ item: Item; settled: PromiseSettledResult<Result> }> {
  const ending = new AbortController()
  const bothSignals = AbortSignal.any([signal, ending.signal])
  const waiting: { item: Item; result: Promise<PromiseSettledResult<Result>> }[] = []
  let next = 0
  try {
    while (next < items.length || waiting.length > 0) {
      while (next < items.length && waiting.length < width) {
        const item = items[next] as Item
        waiting.push({ item, result: settle(work(item, bothSignals)) })
        next += 1
      }
      const first = waiting.shift()
      if (first) yield { item: first.item, settled: await first.result }
    }
  } finally {
    ending.abort()
    await Promise.all(waiting.map((one) => one.result))
  }
}

async function settle<Result>(promise: Promise<Result>): Promise<PromiseSettledResult<Result>> {
  const [settled] = await Promise.allSettled([promise])
  return settled
}
