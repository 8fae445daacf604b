/** `keyrecall detectors list|explain ID`: what is looked for, and how sure one can be of it without a network. */
import type { Command } from 'commander'
import type { Detector } from '../model/detector.ts'
import { createEngine } from '../scan/engine.ts'
import { unknownDetector } from './choose-detectors.ts'
import { type CommandContext, type OutputStream, wantsColor } from './context.ts'
import { drawTable } from './render.ts'
import { count, visible, wrap } from './terminal-text.ts'
import { writeStream } from './write-output.ts'

/** A detector in words and numbers; the object that `--json` prints. */
export interface DetectorFacts {
  id: string
  issuer: string
  kind: string
  docs: string
  check: Detector['checkKind']
  /** Bits of a pass, measured on the first example; 0 where nothing is checked. */
  bits: number
  gate: Detector['gate']
  anchors: readonly string[]
  pattern: string
  /** Longest match in bytes. */
  max_length: number
  pair: { with: string; within: number } | null
  automatic: boolean
  revoke: string | null
}

export function configure(command: Command, context: CommandContext): void {
  command
    .command('list')
    .description('all detectors: what they find, how it is checked offline, how candidates are met')
    .option('--json', 'print an array of JSON objects')
    .action(async (options: { json?: boolean }) => {
      const facts = (await loadDetectors()).map((detector) => factsOf(detector, Date.now()))
      await writeStream(context.stdout, [options.json ? asJson(facts) : listTable(facts, context)])
    })
  command
    .command('explain <id>')
    .description('one detector: its format, check and documentation, and how its credentials are revoked')
    .option('--json', 'print a JSON object')
    .action(async (id: string, options: { json?: boolean }) => {
      const detectors = await loadDetectors()
      const detector = detectors.find((one) => one.id === id)
      if (detector === undefined) throw unknownDetector(id, detectors)
      const facts = factsOf(detector, Date.now())
      const text = options.json ? asJson(facts) : explain(facts, context.stdout)
      await writeStream(context.stdout, [text])
    })
}

async function loadDetectors(): Promise<readonly Detector[]> {
  const { detectors } = await import('../../detectors/index.ts')
  return detectors
}

/** @param now milliseconds since 1970, for checks of formats that hold times */
export function factsOf(detector: Detector, now: number): DetectorFacts {
  const bits = bitsOf(detector, now)
  return {
    id: detector.id,
    issuer: detector.issuer,
    kind: detector.kind,
    docs: detector.docs,
    check: detector.checkKind,
    bits,
    gate: detector.gate,
    anchors: detector.anchors,
    pattern: detector.pattern,
    max_length: detector.maxLength,
    pair: detector.pair ?? null,
    automatic: detector.manualOnly !== true && bits >= 16,
    revoke: detector.revoke ?? null,
  }
}

/** Of its own example, by the engine: a value without a prefix is only part of it, beside its vendor's name. */
function bitsOf(detector: Detector, now: number): number {
  const example = detector.examples.match[0]
  if (example === undefined || detector.checkKind === 'none') return 0
  const alone = detector.check?.(Buffer.from(example), now)
  if (alone?.outcome === 'passed') return alone.bits
  const { hits } = createEngine([detector], { now: () => now }).scanBytes(Buffer.from(example))
  return Math.max(0, ...hits.map((hit) => hit.checkBits))
}

function listTable(facts: readonly DetectorFacts[], context: CommandContext): string {
  const rows = facts.map((one) => [
    { lines: [visible(one.id)] },
    { lines: [checkInShort(one)] },
    { lines: [one.gate] },
    { lines: [visible(`${one.issuer} ${one.kind}`)] },
  ])
  return drawTable(['DETECTOR', 'CHECK', 'GATE', 'FINDS'], rows, {
    width: context.stdout.columns ?? 120,
    color: wantsColor(context.stdout, context.env),
  })
}

function explain(facts: DetectorFacts, stdout: OutputStream): string {
  const rows: [string, string][] = [
    ['finds', `${facts.issuer} ${facts.kind}`],
    ['documentation', facts.docs],
    ['offline check', checkInWords(facts)],
    ['candidates', `met by ${gateInWords[facts.gate]}: ${facts.anchors.join(' ')}`],
    ['pattern', facts.pattern],
    ['longest', count(facts.max_length, 'byte')],
  ]
  if (facts.pair !== null)
    rows.push(['pair', `with ${facts.pair.with} within ${count(facts.pair.within, 'byte')}`])
  rows.push(['may be automatic', facts.automatic ? 'yes, where a policy says so' : 'no, a person decides'])
  rows.push(['to revoke', facts.revoke ?? 'as its issuer documents'])
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  const lines = rows.flatMap(([name, text]) =>
    wrap(visible(text), Math.max(40, (stdout.columns ?? 120) - width)).map(
      (line, index) => `${(index === 0 ? name : '').padEnd(width)}${line}`,
    ),
  )
  return `${visible(facts.id)}\n\n${lines.join('\n')}\n`
}

const gateInWords = {
  prefix: 'the text they begin with',
  value: 'their value, then a word near it',
  inside: 'a text inside of them',
  words: 'a word beside them',
} as const satisfies Record<Detector['gate'], string>

function checkInShort(facts: DetectorFacts): string {
  return facts.bits === 0 ? facts.check : `${facts.check} ${Math.floor(facts.bits)} bit`
}

function checkInWords(facts: DetectorFacts): string {
  if (facts.check === 'none') return 'none is known'
  if (facts.bits === 0) return facts.check
  return `${facts.check} of ${Math.floor(facts.bits)} bits: random text passes once in 2^${Math.floor(facts.bits)}`
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
