/** `keyrecall detectors test`: every detector on its own examples, in a table, and what went wrong below it. */
import type { Detector } from '../model/detector.ts'
import { createEngine } from '../scan/engine.ts'
import { type Mishap, type Trial, tryDetector } from '../scan/trial.ts'
import { type CommandContext, wantsColor } from './context.ts'
import { drawTable } from './render.ts'
import { count, visible } from './terminal-text.ts'

/** A detector that misses its example everywhere need not say so forty times. */
const mostShown = 5

interface Tried {
  detector: Detector
  trial: Trial
}

/** What the command prints, and whether all went well. */
export interface TestReport {
  text: string
  good: boolean
}

/**
 * @param all what the engine looks for, since one detector may claim what is another's
 * @param chosen those whose examples are tried
 */
export function testDetectors(
  all: readonly Detector[],
  chosen: readonly Detector[],
  context: CommandContext,
): TestReport {
  const engine = createEngine(all)
  const tried = chosen.map((detector) => ({ detector, trial: tryDetector(engine, detector) }))
  const bad = tried.filter(({ trial }) => !isGood(trial))
  const table = drawTable(['DETECTOR', 'EXAMPLES', 'NEAR-MISSES', 'TEXTS', 'RESULT'], tried.map(row), {
    width: context.stdout.columns ?? 120,
    color: wantsColor(context.stdout, context.env),
  })
  const texts = tried.reduce((sum, { trial }) => sum + trial.tried, 0)
  const summary = `${count(chosen.length, 'detector')}, ${count(texts, 'text')} tried, ${bad.length === 0 ? 'all' : chosen.length - bad.length} good`
  return { text: `${table}${bad.map(told).join('')}\n${summary}\n`, good: bad.length === 0 }
}

function isGood({ missed, reported }: Trial): boolean {
  return missed.length === 0 && reported.length === 0
}

function row({ detector, trial }: Tried) {
  const good = isGood(trial)
  const result = good
    ? 'good'
    : [
        ...(trial.missed.length > 0 ? [`${trial.missed.length} not found`] : []),
        ...(trial.reported.length > 0 ? [`${trial.reported.length} wrongly reported`] : []),
      ].join(', ')
  return [
    { lines: [visible(detector.id)] },
    { lines: [String(detector.examples.match.length)] },
    { lines: [String(detector.examples.noMatch.length)] },
    { lines: [String(trial.tried)] },
    { lines: [result], ...(good ? {} : { style: 'red' as const }) },
  ]
}

/** Examples are named by their place: they may be somebody's credentials. */
function told({ detector, trial }: Tried): string {
  const lines = [...mishaps('examples.match', trial.missed), ...mishaps('examples.no_match', trial.reported)]
  return `\n${visible(detector.id)}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function mishaps(field: string, list: readonly Mishap[]): string[] {
  const lines = list
    .slice(0, mostShown)
    .map(({ example, surrounding, outcome }) => `${field}[${example}] in ${surrounding}: ${visible(outcome)}`)
  return list.length > mostShown ? [...lines, `${field}: and ${list.length - mostShown} more`] : lines
}
