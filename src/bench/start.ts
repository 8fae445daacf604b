/** The start benchmark: `keyrecall scan` of an empty folder, beside Node itself doing nothing. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Measured, measure } from './measure.ts'
import { type BenchResult, type Bound, judge, makeRow } from './report.ts'
import type { BenchParts } from './run-parts.ts'
import { runScan } from './scan-run.ts'

const runs = 15
const budget = {
  what: 'start of a scan of an empty folder',
  unit: 'seconds',
  bound: 'most',
  budget: 0.15,
} as const satisfies Bound

export async function benchStart(parts: BenchParts): Promise<BenchResult> {
  const empty = join(parts.cache, 'empty')
  await mkdir(empty, { recursive: true })
  // Reads the program's files into the page cache, and makes the home folder.
  await runScan(empty, null, parts)
  const ours: Measured[] = []
  const node: Measured[] = []
  for (let turn = 1; turn <= runs; turn++) {
    parts.progress(`start: run ${turn} of ${runs}`)
    ours.push((await runScan(empty, null, parts)).measured)
    const nothing = { name: 'node', command: process.execPath, args: ['-e', '0'], cores: null, statuses: [0] }
    node.push(await measure(nothing, parts.signal))
  }
  const row = makeRow('keyrecall scan', true, ours)
  return {
    bench: 'start',
    over: `an empty folder, median of ${runs}`,
    rows: [row, makeRow('node -e 0', false, node)],
    verdicts: [judge(budget, row.seconds)],
    notes: [],
    details: {},
  }
}
