/**
 * Cuts all that a store has to visit into parts: each pack's plan by estimated cost, wherever that falls, so that not
 * even one family of deltas is more than a thread's share; loose objects and logs of refs after them.
 */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { SourceProblem } from '../../../model/blob.ts'
import { blob, commit, tag, tree } from './entry-header.ts'
import { listLoose } from './loose.ts'
import { compareIds, type PackIndex } from './pack-index.ts'
import { type DrawnPlan, drawPlan } from './plan.ts'
import { damagedFile, damagedObject } from './problems.ts'
import type { Reader } from './reader.ts'
import { type ScannedHeaders, scanHeaders } from './scan-headers.ts'
import type { PackPart, StoreShape } from './shape.ts'
import { type SortedOffsets, sortOffsets } from './sort-offsets.ts'

/** Estimated microseconds for a loose object, a log; most is for opening the file. */
const looseCost = 60

/** What a walk is for: what people wrote, or who put it where. */
export type WalkKind = 'content' | 'history'

const shownTypes: Record<WalkKind, readonly number[]> = {
  content: [blob, commit, tag],
  history: [tree, commit],
}

/** What the first pass over a pack found, by pack; kept for a second walk. */
export type FirstPasses = Map<number, { sorted: SortedOffsets; headers: ScannedHeaders }>

export function cutParts(
  store: StoreShape,
  reader: Reader,
  gitDirs: readonly string[],
  count: number,
  problems: SourceProblem[],
  kind: WalkKind,
  passes: FirstPasses,
): PackPart[] {
  const plans = drawPlans(store, reader, problems, shownTypes[kind], passes)
  const indexes = reader.packs.map((pack) => pack?.index ?? null)
  const loose = looseIds(store, indexes, problems)
  const logs = kind === 'history' ? [] : gitDirs.flatMap((gitDir) => logsOf(gitDir, gitDirs[0] ?? gitDir))
  const total =
    plans.reduce((sum, plan) => sum + (plan?.costs.at(-1) ?? 0), 0) + looseCost * (loose.length + logs.length)
  const share = total / Math.max(1, count)
  const parts: PackPart[] = []
  let part = emptyPart(store)
  let left = share

  function spend(cost: number): void {
    left -= cost
    if (left > 0.001) return
    parts.push(part)
    part = emptyPart(store)
    left = share
  }

  for (const [pack, plan] of plans.entries()) {
    if (!plan) continue
    const { costs, offsets, lengths, positions, levels } = plan
    const size = costs.length
    for (let from = 0; from < size; ) {
      const before = from === 0 ? 0 : (costs[from - 1] as number)
      const to = Math.max(from + 1, firstAbove(costs, before + left))
      part.shares.push({ pack, plan: { offsets, lengths, positions, levels }, from, to })
      for (let i = from; i < to; i++) part.bytes += lengths[i] as number
      spend((costs[to - 1] as number) - before)
      from = to
    }
  }
  for (const id of loose) {
    part.loose.push(id)
    spend(looseCost)
  }
  part.logs.push(...logs)
  if (part.shares.length + part.loose.length + part.logs.length > 0) parts.push(part)
  return parts
}

function emptyPart(store: StoreShape): PackPart {
  return { kind: 'pack', store, shares: [], loose: [], logs: [], bytes: 0 }
}

/** The first place whose cost is above; costs rise. */
function firstAbove(costs: Float64Array, cost: number): number {
  let low = 0
  let high = costs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((costs[middle] as number) <= cost) low = middle + 1
    else high = middle
  }
  return low
}

function drawPlans(
  store: StoreShape,
  reader: Reader,
  problems: SourceProblem[],
  shown: readonly number[],
  passes: FirstPasses,
): (DrawnPlan | null)[] {
  return reader.packs.map((pack, number) => {
    if (!pack) return null
    const path = store.packs[number]?.path ?? ''
    try {
      const before = passes.get(number)
      const sorted = before?.sorted ?? sortOffsets(pack.index, pack.end)
      const headers = before?.headers ?? scanHeaders(pack.file, pack.index, sorted, (id) => reader.typeOf(id))
      passes.set(number, { sorted, headers })
      for (const rank of headers.broken.slice(0, 1000)) {
        const id = pack.index.id(sorted.positions[rank] as number)
        problems.push(damagedObject(id, 'its place in the pack holds no object, or its base is missing'))
      }
      const known = knownBefore(
        pack.index,
        reader.packs.slice(0, number).map((other) => other?.index ?? null),
      )
      const plan = drawPlan(pack.index, sorted, headers, known, shown)
      const more = plan.lost + Math.max(0, headers.broken.length - 1000)
      if (more > 0)
        problems.push(damagedFile(path, `${more} more objects are damaged or made from damaged ones`))
      return plan
    } catch {
      problems.push(damagedFile(path, 'this pack cannot be read'))
      return null
    }
  })
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

function looseIds(
  store: StoreShape,
  indexes: readonly (PackIndex | null)[],
  problems: SourceProblem[],
): string[] {
  const ids = new Set<string>()
  for (const folder of store.folders) {
    try {
      for (const id of listLoose(folder, store.hashLength)) ids.add(id)
    } catch {
      problems.push(damagedFile(folder, 'this folder of objects cannot be listed'))
    }
  }
  return [...ids].filter((id) => {
    const bytes = Buffer.from(id, 'hex')
    return !indexes.some((index) => index && index.find(bytes) >= 0)
  })
}

function logsOf(gitDir: string, top: string): PackPart['logs'] {
  try {
    const entries = readdirSync(join(gitDir, 'logs'), { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.path, entry.name))
      .sort()
      .map((path) => ({ path, name: relative(top, path) }))
  } catch {
    return []
  }
}
