/**
 * One part of a unit is done, in whichever thread: read, scanned, and answered as a whole. What is to be read in another
 * way is another kind of part with its own line in the table below.
 */
import type { Place, SourceProblem } from '../model/blob.ts'
import { type Confidence, emptyStats, type Hit } from '../model/hit.ts'
import type { UnitPart } from '../model/unit.ts'
import type { ArchiveLimits } from '../sources/archive/limits.ts'
import { shownPath } from '../sources/files/shown-path.ts'
import { textOf } from '../sources/files/walk.ts'
import { byConfidence } from './by-confidence.ts'
import { type BlobHits, reportFailure, type ScanContext, type Sums } from './scan-blob.ts'
import { scanFiles } from './scan-files.ts'

/** What parts are done with. */
export interface PartContext extends Omit<ScanContext, 'report'> {
  archive: ArchiveLimits
  /** Hits of less confidence are counted and left out: nobody is told of them, and there may be very many. */
  least: Confidence
}

/** What doing a part has to tell; the same whoever does it. */
export interface PartWork extends PartContext {
  report: (problem: SourceProblem) => void
  /** Takes the hits of one blob; its place is asked for where any are to be told. */
  tell: (place: () => Place, hits: readonly Hit[]) => void
}

export interface PartOutcome {
  found: BlobHits[]
  problems: SourceProblem[]
  /** What is left of it for others to do, since it is a lot. */
  rest: UnitPart[]
}

type Opener<Kind extends UnitPart['kind']> = (
  part: Extract<UnitPart, { kind: Kind }>,
  work: PartWork,
) => Promise<UnitPart[]>

const openers: { [Kind in UnitPart['kind']]: Opener<Kind> } = {
  files: scanFiles,
  pack: async (part, work) => await (await import('./scan-pack.ts')).scanPack(part, work),
}

/** Does a part; ends early, with what there is, once the signal is aborted. */
export async function scanPart(part: UnitPart, context: PartContext): Promise<PartOutcome> {
  const { engine, excluded, archive, least, sums, onProgress, signal } = context
  const found: BlobHits[] = []
  const problems: SourceProblem[] = []
  const report = (problem: SourceProblem): void => void problems.push(problem)
  const tell: PartWork['tell'] = (place, hits) => {
    if (hits.length === 0) return
    const { kept, below } = byConfidence(hits, least)
    sums.belowConfidence += below
    if (kept.length > 0) found.push({ place: place(), hits: kept })
  }
  // Named one by one: what is spread has another shape each time for V8, which compiles anew whatever reads it.
  const work: PartWork = { engine, excluded, archive, least, sums, onProgress, signal, report, tell }
  let rest: UnitPart[] = []
  try {
    rest = await (part.kind === 'pack' ? openers.pack(part, work) : openers.files(part, work))
  } catch (error) {
    // What came before it still counts.
    reportFailure(error, nameOfPart(part), work)
  }
  return { found, problems, rest }
}

/** A part as a person would name it. */
export function nameOfPart(part: UnitPart): string {
  if (part.kind === 'pack') return part.repository
  const { target, paths } = part
  const first = shownPath(target, textOf(paths[0] ?? ''))
  return paths.length < 2 ? first : `${first} and ${paths.length - 1} more`
}

export function emptySums(): Sums {
  return {
    engine: emptyStats(),
    bytesRead: 0,
    belowConfidence: 0,
    milliseconds: { list: 0, read: 0, scan: 0, locate: 0, merge: 0 },
  }
}
