/**
 * One reading task: its parts or blobs are scanned, and what has hits is located once at the end. An error of one blob
 * is counted and the rest goes on; what was found before an error or an interrupt is kept.
 */
import { isProblem, type Place, type SourceProblem } from '../model/blob.ts'
import { asAppError } from '../model/errors.ts'
import type { Confidence, Hit } from '../model/hit.ts'
import type { ReadingTask } from '../model/target.ts'
import type { OpenUnit } from '../model/unit.ts'
import type { Engine } from '../scan/engine.ts'
import type { Sources } from '../sources/open.ts'
import { byConfidence } from './by-confidence.ts'
import type { PartRunner } from './part-runner.ts'
import {
  type BlobHits,
  excludedProblem,
  isExcluded,
  reportFailure,
  type ScanContext,
  scanBlob,
} from './scan-blob.ts'
import { scanParts } from './scan-parts.ts'
import type { Tally } from './tally.ts'

/** A hit and everywhere its blob stands. */
export interface Found {
  hit: Hit
  places: Place[]
}

export interface UnitParts {
  sources: Pick<Sources, 'open'>
  /** Called once there is something to scan in this thread: compiling the detectors takes time. */
  engine: () => Promise<Engine>
  /** Does the parts of units that come in parts. */
  runner: PartRunner
  excluded: (path: string) => boolean
  /** Hits of less confidence are counted and left out: nobody asks where they stand, which may cost a request each. */
  least: Confidence
  tally: Tally
  /** Called after every blob. */
  onProgress: () => void
  report: (problem: SourceProblem) => void
  /** Takes a line for the person. */
  note: (line: string) => void
  signal: AbortSignal
}

/** Of histories so large, commits and trees take as much memory as the threads that scan do. */
const longHistory = 128 * 1024 * 1024

export async function scanUnit(task: ReadingTask, parts: UnitParts): Promise<Found[]> {
  const unit = await parts.sources.open(task)
  const readBefore = parts.tally.bytesRead
  const problems: SourceProblem[] = []
  const told: UnitParts = {
    ...parts,
    report(problem) {
      problems.push(problem)
      parts.report(problem)
    },
  }
  try {
    const withHits: BlobHits[] = []
    try {
      if (unit.parts) await scanParts(unit.parts(parts.signal), withHits, told)
      else await scanBlobs(unit, withHits, told)
      for (const { place, hits } of unit.known?.() ?? []) withHits.push({ place, hits: [...hits] })
    } catch (error) {
      // The listing broke: what came before it still counts.
      reportFailure(error, nameOfTask(task), told)
    }
    if (task.kind === 'git' && parts.tally.bytesRead - readBefore > longHistory) await parts.runner.rest()
    const found = await locateHits(unit, withHits, nameOfTask(task), told)
    for (const line of unit.notes?.() ?? []) parts.note(`${nameOfTask(task)}: ${line}`)
    if (!parts.signal.aborted) await remember(unit, withHits, problems, told)
    return found
  } finally {
    await unit.close()
  }
}

/** What is not remembered is read again: that is no reason to lose what was found. */
async function remember(
  unit: OpenUnit,
  withHits: readonly BlobHits[],
  problems: readonly SourceProblem[],
  parts: UnitParts,
): Promise<void> {
  try {
    await unit.remember?.(withHits, problems)
  } catch (error) {
    parts.note(`what this scan read is not remembered: ${asAppError(error).message}`)
  }
}

/** Blobs come from one place, one after the other: they are scanned in this thread. */
async function scanBlobs(unit: OpenUnit, found: BlobHits[], parts: UnitParts): Promise<void> {
  const { tally } = parts
  const context: ScanContext = { ...parts, sums: tally }
  for await (const item of unit.blobs(parts.signal)) {
    if (isProblem(item)) {
      parts.report(item)
      continue
    }
    tally.current = item.place.path
    const { kept, below } = byConfidence(await scanBlob(item, context), parts.least)
    tally.belowConfidence += below
    if (kept.length > 0) found.push({ place: item.place, hits: kept })
  }
}

async function locateHits(
  unit: OpenUnit,
  withHits: readonly BlobHits[],
  subject: string,
  parts: UnitParts,
): Promise<Found[]> {
  if (withHits.length === 0) return []
  const started = performance.now()
  const places = await unit
    .locate(
      withHits.map((one) => one.place),
      parts.signal,
    )
    .catch((error: unknown): Place[][] => {
      reportFailure(error, subject, parts)
      return []
    })
  parts.tally.milliseconds.locate += performance.now() - started
  return withHits.flatMap(({ place, hits }, index) => {
    const located = places[index] ?? []
    const everywhere = located.length > 0 ? located : [place]
    // Git tells paths only now.
    const kept = everywhere.filter((one) => !isExcluded(one, parts))
    if (kept.length === 0) parts.report(excludedProblem(everywhere[0] ?? place))
    return kept.length === 0 ? [] : hits.map((hit) => ({ hit, places: kept }))
  })
}

/** A task as a person would name it. */
export function nameOfTask(task: ReadingTask): string {
  switch (task.kind) {
    case 'path':
      return task.path
    case 'stdin':
      return 'standard input'
    case 'git-changes':
      return task.range === null ? 'what is staged' : `the commits ${task.range}`
    case 'git':
      return task.repository
    case 'github-blob':
      return `${task.repository} ${task.path}`
    case 's3-objects':
      return `s3://${task.bucket}`
  }
}
