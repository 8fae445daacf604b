/**
 * All parts of a unit, done side by side and told in the order they were cut, so that what a scan prints is the same
 * whatever the number of threads.
 */
import { isProblem, type SourceProblem } from '../model/blob.ts'
import type { UnitPart } from '../model/unit.ts'
import type { PartRunner } from './part-runner.ts'
import type { BlobHits } from './scan-blob.ts'
import type { PartOutcome } from './scan-part.ts'
import type { Tally } from './tally.ts'

export interface PartsContext {
  runner: PartRunner
  tally: Pick<Tally, 'bytesListed' | 'tasksListed' | 'milliseconds'>
  report: (problem: SourceProblem) => void
}

/**
 * Adds what is found to `found`, in order.
 * @throws what cutting the unit throws, once all parts before it are done
 */
export async function scanParts(
  parts: AsyncIterable<UnitPart | SourceProblem>,
  found: BlobHits[],
  { runner, tally, report }: PartsContext,
): Promise<void> {
  let told = Promise.resolve()
  let held: UnitPart | null = null
  async function tellAfter(before: Promise<void>, outcomes: Promise<PartOutcome[]>): Promise<void> {
    await before
    for (const outcome of await outcomes) {
      for (const problem of outcome.problems) report(problem)
      for (const one of outcome.found) found.push(one)
    }
  }
  const tell = (outcomes: Promise<PartOutcome[]>): void => {
    told = tellAfter(told, outcomes)
  }
  try {
    for await (const item of timed(parts, tally)) {
      if (isProblem(item)) {
        tell(Promise.resolve([{ found: [], problems: [item], rest: [] }]))
        continue
      }
      tally.bytesListed += item.bytes
      if (held === null && runner.isFew(item)) {
        held = item
        continue
      }
      if (held) tell(runWhole(held, runner.run))
      held = null
      await runner.room()
      tell(runWhole(item, runner.run))
    }
    tally.tasksListed += 1
  } finally {
    if (held) tell(runWhole(held, runner.runHere, runner.run))
    await told
  }
}

/** A part with what is left of it, each of which is done as soon as it is known. */
async function runWhole(
  part: UnitPart,
  run: PartRunner['run'],
  runRest: PartRunner['run'] = run,
): Promise<PartOutcome[]> {
  const outcome = await run(part)
  const rest = await Promise.all(outcome.rest.map((one) => runWhole(one, runRest)))
  return [outcome, ...rest.flat()]
}

async function* timed<Item>(items: AsyncIterable<Item>, tally: PartsContext['tally']): AsyncGenerator<Item> {
  let asked = performance.now()
  for await (const item of items) {
    tally.milliseconds.list += performance.now() - asked
    yield item
    asked = performance.now()
  }
  tally.milliseconds.list += performance.now() - asked
}
