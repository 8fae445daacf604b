/**
 * Where it is worth looking, and for what: passes over all bytes that leave little for the detectors one by one. The
 * one in WebAssembly is in `gate.ts`, the one for machines without SIMD in `re2-prefilter.ts`.
 */
import type { CompiledDetector } from './compile.ts'
import type { GatePlan } from './gate-plan.ts'

export interface Candidates {
  /**
   * Position and number of a detector, one after the other, in any order: a match may begin there or, of a detector
   * whose anchor has no fixed place in its matches, have its anchor there. May hold more than there is, never less.
   */
  finds: ArrayLike<number>
  /** Stretches that may be encoded text with something in it: start and end, one after the other. */
  encoded: ArrayLike<number>
}

/** What a prefilter is made from. */
export interface Wanted {
  compiled: readonly CompiledDetector[]
  readonly plan: GatePlan
}

export interface Prefilter {
  candidates(bytes: Buffer): Candidates
  /**
   * Room inside the prefilter's own memory, from which `candidates` reads without a copy; valid until the next call of
   * either. Null where there is none of this length.
   */
  lend(length: number): Buffer | null
  /** Line feeds in [start, end) of the text last given to `candidates`. */
  countLines(start: number, end: number): number
}
