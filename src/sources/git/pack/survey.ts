/**
 * What is in each pack of a store and how it hangs together, found out once; and the order to walk it in, for some of
 * the types. Of objects that several packs have, the first pack's are visited.
 */
import type { SourceProblem } from '../../../model/blob.ts'
import { compareIds, type PackIndex } from './pack-index.ts'
import { type DrawnPlan, drawPlan } from './plan.ts'
import { createProblemList, damagedFile, damagedObject } from './problems.ts'
import type { OpenPack, Reader } from './reader.ts'
import { type ScannedHeaders, scanHeaders } from './scan-headers.ts'
import type { StoreShape } from './shape.ts'
import { type SortedOffsets, sortOffsets } from './sort-offsets.ts'

export interface PackSurvey {
  pack: OpenPack
  sorted: SortedOffsets
  headers: ScannedHeaders
  /** 1 at positions in the index that an earlier pack has too; null where there are none. */
  known: Uint8Array | null
}

export interface Survey {
  /** By number of the pack; null where it cannot be read, or need not. */
  packs: (PackSurvey | null)[]
  /** Ids of what a pack holds broken, and some other place may hold whole. */
  strays: string[]
  problems: SourceProblem[]
}

/** @param isDone tells packs, by their path, of which everything is known */
export function surveyPacks(
  store: StoreShape,
  reader: Reader,
  isDone: (path: string) => boolean = () => false,
): Survey {
  const survey: Survey = { packs: [], strays: [], problems: [] }
  for (const [number, pack] of reader.packs.entries()) {
    const path = store.packs[number]?.path ?? ''
    try {
      survey.packs.push(pack && !isDone(path) ? surveyPack(pack, path, reader, survey) : null)
    } catch {
      survey.packs.push(null)
      survey.problems.push(damagedFile(path, 'this pack cannot be read'))
    }
  }
  return survey
}

/**
 * @param wanted numbers of the types to visit
 * @param known marks more positions of an index that are not to be visited for themselves
 */
export function drawPlans(
  survey: Survey,
  wanted: readonly number[],
  known: (index: PackIndex) => Uint8Array | null = () => null,
): (DrawnPlan | null)[] {
  return survey.packs.map((found) => {
    if (!found) return null
    const { pack, sorted, headers } = found
    return drawPlan(pack.index, sorted, headers, either(found.known, known(pack.index)), wanted)
  })
}

function either(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  return a && b ? a.map((is, position) => is | (b[position] ?? 0)) : (a ?? b)
}

function surveyPack(pack: OpenPack, path: string, reader: Reader, survey: Survey): PackSurvey {
  const sorted = sortOffsets(pack.index, pack.end)
  const headers = scanHeaders(pack.file, pack.index, sorted, (id) => reader.typeOf(id))
  const problems = createProblemList()
  let lost = 0
  for (let rank = headers.types.indexOf(0); rank >= 0; rank = headers.types.indexOf(0, rank + 1)) {
    const position = sorted.positions[rank] as number
    const id = pack.index.id(position)
    if (reader.has(pack.index.idBytes(position), pack.number)) survey.strays.push(id)
    else if (headers.broken.has(rank)) {
      problems.add(damagedObject(id, 'its place in the pack holds no object, or its base is nowhere'))
    } else lost += 1
  }
  if (lost > 0) problems.add(damagedFile(path, `${lost} more objects are made from damaged ones`))
  problems.finish(path)
  survey.problems.push(...problems.all)
  const earlier = survey.packs.map((found) => found?.pack.index ?? null)
  return { pack, sorted, headers, known: knownBefore(pack.index, earlier) }
}

/** Marks what earlier packs have, by going through two sorted lists at a time. */
function knownBefore(index: PackIndex, earlier: readonly (PackIndex | null)[]): Uint8Array | null {
  let known: Uint8Array | null = null
  for (const other of earlier) {
    if (!other) continue
    let theirs = 0
    for (let ours = 0; ours < index.count; ours++) {
      const at = index.idsAt + ours * index.idStride
      let order = -1
      for (; theirs < other.count; theirs++) {
        const theirsAt = other.idsAt + theirs * other.idStride
        order = compareIds(other.bytes, theirsAt, index.bytes, at, index.hashLength)
        if (order >= 0) break
      }
      if (theirs === other.count) break
      if (order !== 0) continue
      known ??= new Uint8Array(index.count)
      known[ours] = 1
    }
  }
  return known
}
