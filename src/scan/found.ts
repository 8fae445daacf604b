/** A claimed span on its way to becoming a hit: judged, not yet compared with its neighbours. */
import type { Confidence, HitLabel } from '../model/hit.ts'
import type { CompiledDetector } from './compile.ts'

export interface Found {
  compiled: CompiledDetector
  /** The secret's stored bytes: start, and end (exclusive). */
  start: number
  end: number
  /** The secret, decoded. */
  value: Buffer
  decoding: readonly string[]
  checkPassed: boolean | null
  bits: number
  confidence: Confidence
  label: HitLabel | null
  facts: Readonly<Record<string, string>>
  /** The other half of a pair. */
  companion?: Buffer
}
