/** One credential, by fingerprint, with all its places: what people triage and scripts read. */
import type { Place, Span } from './blob.ts'
import type { CheckKind } from './detector.ts'
import type { Confidence, HitLabel } from './hit.ts'

export type Validity = 'active' | 'inactive' | 'unknown'

export const findingStates = ['open', 'resolved'] as const
export type FindingState = (typeof findingStates)[number]

/** GitHub's four literals for secret-scanning alerts, and three of our own. */
export const resolutions = [
  'false_positive',
  'wont_fix',
  'revoked',
  'used_in_tests',
  'rotated',
  'expired',
  'duplicate',
] as const
export type Resolution = (typeof resolutions)[number]

/** A place with the span of the credential in it. */
export interface FoundPlace extends Place, Span {
  /** Decoders between the stored bytes and the credential, outermost first, joined by `>`; absent for plain text. */
  decoding?: string
}

/** The fields every output shares; the command line prints exactly this object. */
export interface FindingRecord {
  detector: string
  issuer: string
  kind: string
  fingerprint: string
  secret_redacted: string
  check: CheckKind
  check_passed: boolean | null
  confidence: Confidence
  validity: Validity
  label: HitLabel | null
  places: FoundPlace[]
}

/**
 * What happens about a finding. `detected` and `verified` are states of the finding itself; a response row
 * begins as `planned`. Terminal: `confirmed`, `failed`, `rejected`, `reversed`, `observed`.
 */
export const responseStates = [
  'planned',
  'awaiting_approval',
  'executing',
  'submitted',
  'confirmed',
  'failed',
  'rejected',
  'reversed',
  'observed',
] as const
export type ResponseState = (typeof responseStates)[number]

export const responseModes = ['observe', 'dry_run', 'approve', 'auto'] as const
export type ResponseMode = (typeof responseModes)[number]
