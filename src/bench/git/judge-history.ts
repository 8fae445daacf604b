/** The budgets of a history: against git printing all objects, and against other scanners. */
import { type Bound, fasterThan, judge, type Row, type Verdict } from '../report.ts'

export interface HistoryTimes {
  packBytes: number
  ours: Row
  /** `git cat-file` of all objects. */
  printed: Row
  peers: readonly Row[]
  /** Seconds of a scan after one new commit. */
  again: number
}

/** From here on a history is large: smaller ones are dominated by the start, and only have to beat the others. */
export const largePack = 250e6

const overPrinting = {
  what: 'history against git cat-file, time',
  unit: 'times',
  bound: 'most',
  budget: 0.5,
  aim: 0.3,
} as const satisfies Bound
const afterOne = {
  what: 'scan after one new commit',
  unit: 'seconds',
  bound: 'most',
  budget: 1,
} as const satisfies Bound

export function gitVerdicts({ packBytes, ours, printed, peers, again }: HistoryTimes): Verdict[] {
  const verdicts = peers.map((row) => fasterThan(row.name, ours.seconds / row.seconds))
  if (packBytes >= largePack) {
    verdicts.unshift(judge(overPrinting, ours.seconds / printed.seconds))
    const fastest = Math.min(...peers.map(({ seconds }) => seconds))
    const what = 'history against the fastest scanner, time'
    if (peers.length > 0)
      verdicts.push(
        judge({ what, unit: 'times', bound: 'most', budget: 0.2, aim: 0.1 }, ours.seconds / fastest),
      )
  }
  return [...verdicts, judge(afterOne, again)]
}
