/** What a report says besides the findings: who made it, from when to when, and what could not be read. */
import type { SourceProblem } from '../../model/blob.ts'
import type { Detector } from '../../model/detector.ts'

/** A detector as a report describes it. */
export type ReportedDetector = Pick<Detector, 'id' | 'issuer' | 'kind' | 'docs' | 'checkKind' | 'gate'> &
  Partial<Pick<Detector, 'revoke'>>

export interface ScanReport {
  /** Of keyrecall. */
  version: string
  /** What was scanned, as it was named; such names hold no credential. */
  targets: readonly string[]
  /** Absolute path that relative paths of files start from. */
  cwd: string
  startedAt: Date
  endedAt: Date
  /** Everything that was asked for was read; what was left out on purpose aside. */
  complete: boolean
  /** What could not be read or was left out on purpose; the first ones, where there were too many. */
  problems: readonly SourceProblem[]
  /** How many more of them there were. */
  moreProblems: number
  /** Bytes and blobs that were read. */
  bytesRead: number
  blobs: number
  /** Those that found something; one that is missing is described by its findings. */
  detectors: ReadonlyMap<string, ReportedDetector>
}
