/** A detector in words and numbers: what `detectors list --format json` prints, and what the tables are drawn from. */
import type { CheckOutcome, Detector } from '../model/detector.ts'
import type { Confidence } from '../model/hit.ts'
import { createEngine } from '../scan/engine.ts'
import { judge } from '../scan/judge.ts'

export interface DetectorFacts {
  id: string
  issuer: string
  kind: string
  /** Address of the issuer's page; null where a detector of one's own names none. */
  docs: string | null
  check: Detector['checkKind']
  /** Bits of a pass, measured on the first example; 0 where nothing is checked. */
  bits: number
  gate: Detector['gate']
  anchors: readonly string[]
  /** Bytes before and after the anchor, or the value, that a match may cover or need. */
  reach: { left: number; right: number }
  pattern: string
  /** Longest match in bytes. */
  max_length: number
  context: readonly string[]
  pair: { with: string; within: number } | null
  /** Whether a policy may let a response run without a person. */
  automatic: boolean
  /** What a value is reported with: its check passed, failed, or there is none. */
  confidence: { passed: Confidence | null; failed: Confidence | null; unchecked: Confidence }
  revoke: string | null
}

/** @param now milliseconds since 1970, for checks of formats that hold times */
export function factsOf(detector: Detector, now: number): DetectorFacts {
  const bits = bitsOf(detector, now)
  const checked = detector.checkKind !== 'none'
  return {
    id: detector.id,
    issuer: detector.issuer,
    kind: detector.kind,
    docs: detector.docs === '' ? null : detector.docs,
    check: detector.checkKind,
    bits,
    gate: detector.gate,
    anchors: detector.anchors,
    reach: detector.reach,
    pattern: detector.pattern,
    max_length: detector.maxLength,
    context: detector.context ?? [],
    pair: detector.pair ?? null,
    automatic: detector.manualOnly !== true && bits >= 16,
    confidence: {
      passed: checked ? confidenceFor(detector, 'passed', bits) : null,
      failed: checked ? confidenceFor(detector, 'failed', 0) : null,
      unchecked: confidenceFor(detector, 'not_applicable', 0),
    },
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

/** What the engine makes of that outcome. */
function confidenceFor(detector: Detector, outcome: CheckOutcome, bits: number): Confidence {
  const nothing = Buffer.alloc(0)
  const decided: Detector = { ...detector, check: () => ({ outcome, bits }) }
  return judge(decided, nothing, { start: 0, end: 0, secretStart: 0, secretEnd: 0 }, 0).confidence
}

/** `checksum 32 bit`. */
export function checkInShort({ check, bits }: DetectorFacts): string {
  return bits === 0 ? check : `${check} ${Math.floor(bits)} bit`
}
