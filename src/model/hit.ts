/** What the engine says about one blob. */
import type { Span } from './blob.ts'
import type { CheckKind } from './detector.ts'
import type { Secret } from './secret.ts'

export const confidences = ['low', 'medium', 'high'] as const
export type Confidence = (typeof confidences)[number]

/**
 * Why a hit is reported but never acted upon. `canary`: a decoy whose use alarms its owner; `test_mode`: the
 * issuer's test keys; `encrypted`, `expired`: of no use to a finder.
 */
export type HitLabel = 'canary' | 'test_mode' | 'encrypted' | 'expired'

/** A credential in a blob, checked and filtered. */
export interface Hit {
  detector: string
  issuer: string
  kind: string
  secret: Secret
  /** The other half of a pair, e.g. the secret of an AWS key id. */
  companion?: Secret
  /** First 4 characters at most, then dots: what people may see. */
  redacted: string
  check: CheckKind
  checkPassed: boolean | null
  /** Strength of the passed check in bits; 0 when none passed. */
  checkBits: number
  confidence: Confidence
  label: HitLabel | null
  facts: Readonly<Record<string, string>>
  /** In the bytes of the blob (or archive member) as stored, before decoding. */
  span: Span
  /** Decoders the value came through, outermost first; empty for plain text. */
  decoding: readonly string[]
  /** Set by archive readers: members from the outermost inwards, joined by `!`. */
  archivePath?: string
}

export const dropReasons = [
  'check_failed',
  'placeholder',
  'documented_example',
  'low_entropy',
  'allowed_inline',
  'boundary',
  'overlap',
  'no_context',
] as const
export type DropReason = (typeof dropReasons)[number]

/** What went in and out of the engine. Add them up with `addStats`. */
export interface ScanStats {
  blobs: number
  bytesScanned: number
  candidates: number
  hits: number
  drops: Partial<Record<DropReason, number>>
}

export function emptyStats(): ScanStats {
  return { blobs: 0, bytesScanned: 0, candidates: 0, hits: 0, drops: {} }
}

/** Adds `more` to `total` in place. */
export function addStats(total: ScanStats, more: ScanStats): void {
  total.blobs += more.blobs
  total.bytesScanned += more.bytesScanned
  total.candidates += more.candidates
  total.hits += more.hits
  for (const [reason, count] of Object.entries(more.drops) as [DropReason, number][]) {
    total.drops[reason] = (total.drops[reason] ?? 0) + count
  }
}
