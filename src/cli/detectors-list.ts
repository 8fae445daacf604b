/** `keyrecall detectors list`: all detectors in a table, as JSON, or only their fixed texts. */
import type { Detector } from '../model/detector.ts'
import { AppError } from '../model/errors.ts'
import { nearestNames } from '../scan/custom/nearest.ts'
import { type CommandContext, wantsColor } from './context.ts'
import { checkInShort, type DetectorFacts, factsOf } from './detector-facts.ts'
import { drawTable } from './render.ts'
import { visible } from './terminal-text.ts'

export interface ListOptions {
  json: boolean
  /** Print the fixed texts alone. */
  anchors: boolean
  /** Part of an issuer's name; all issuers where null. */
  issuer: string | null
}

/** Shorter ones are met by chance everywhere, which a search for fixed texts would drown in. */
const shortestAnchor = 4

/** @throws AppError (usage) where no issuer is called that */
export function listDetectors(
  detectors: readonly Detector[],
  options: ListOptions,
  context: CommandContext,
): string {
  const chosen = ofIssuer(detectors, options.issuer)
  if (options.anchors) return anchorsOf(chosen)
  const facts = chosen.map((detector) => factsOf(detector, Date.now()))
  return options.json ? `${JSON.stringify(facts, null, 2)}\n` : listTable(facts, context)
}

function ofIssuer(detectors: readonly Detector[], issuer: string | null): readonly Detector[] {
  if (issuer === null) return detectors
  const wanted = issuer.toLowerCase()
  const chosen = detectors.filter((detector) => detector.issuer.toLowerCase().includes(wanted))
  if (chosen.length > 0) return chosen
  const near = nearestNames(issuer, [...new Set(detectors.map((detector) => detector.issuer))])
  const hint = near.length === 0 ? '"keyrecall detectors list" prints all' : `near it are ${near.join(', ')}`
  throw new AppError('usage', `there is no issuer "${visible(issuer)}"; ${hint}`)
}

/** Sorted by code unit, each once, one a line: made to be given to a search for fixed texts (`rg -F -f`). */
export function anchorsOf(detectors: readonly Detector[]): string {
  const anchors = detectors
    .flatMap((detector) => detector.anchors)
    .filter((anchor) => Buffer.byteLength(anchor) >= shortestAnchor && !/[\r\n]/.test(anchor))
  return [...new Set(anchors)]
    .sort()
    .map((anchor) => `${anchor}\n`)
    .join('')
}

function listTable(facts: readonly DetectorFacts[], context: CommandContext): string {
  const rows = facts.map((one) => [
    { lines: [visible(one.id)] },
    { lines: [checkInShort(one)] },
    { lines: [one.gate] },
    { lines: [`${one.reach.left}+${one.reach.right}`] },
    { lines: [visible(fixedTexts(one))] },
    { lines: [visible(`${one.issuer} ${one.kind}`)] },
  ])
  return drawTable(['DETECTOR', 'CHECK', 'GATE', 'REACH', 'MET BY', 'FINDS'], rows, {
    width: context.stdout.columns ?? 240,
    color: wantsColor(context.stdout, context.env),
  })
}

/** Two of them at most: the rest is in `explain`. */
function fixedTexts({ anchors, context }: DetectorFacts): string {
  const texts = anchors.length > 0 ? anchors : context
  const more = texts.length > 2 ? ` +${texts.length - 2}` : ''
  const shown = texts.slice(0, 2).map((text) => (text.length > 16 ? `${text.slice(0, 15)}…` : text))
  return `${anchors.length > 0 ? '' : 'near '}${shown.join(' ')}${more}`
}
