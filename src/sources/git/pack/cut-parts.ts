/**
 * Cuts all that a store has to visit into parts: each pack's plan by estimated cost, wherever that falls, so that not
 * even one family of deltas is more than a thread's share; loose objects and logs of refs after them.
 */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { SourceProblem } from '../../../model/blob.ts'
import type { ObjectType } from './entry-header.ts'
import { listLoose, typeNumber } from './loose.ts'
import type { PackIndex } from './pack-index.ts'
import { damagedFile } from './problems.ts'
import type { PackPart, StoreShape } from './shape.ts'
import { drawPlans, type Survey } from './survey.ts'

/** Estimated microseconds for a loose object, a log; most is for opening the file. */
const looseCost = 60

/** What there is beside packs. */
export interface Files {
  loose: readonly string[]
  logs: PackPart['logs']
}

export function cutParts(
  store: StoreShape,
  survey: Survey,
  { loose, logs }: Files,
  types: readonly ObjectType[],
  count: number,
  known?: (index: PackIndex) => Uint8Array | null,
): PackPart[] {
  const plans = drawPlans(survey, types.map(typeNumber), known)
  const total =
    plans.reduce((sum, plan) => sum + (plan?.costs.at(-1) ?? 0), 0) + looseCost * (loose.length + logs.length)
  const share = total / Math.max(1, count)
  const parts: PackPart[] = []
  let part = emptyPart()
  let left = share

  function emptyPart(): PackPart {
    return { kind: 'pack', store, types, shares: [], loose: [], strays: [], logs: [], bytes: 0 }
  }

  function spend(cost: number): void {
    left -= cost
    if (left > 0.001) return
    parts.push(part)
    part = emptyPart()
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
  part.strays.push(...survey.strays)
  part.logs.push(...logs)
  if (part.shares.length + part.loose.length + part.strays.length + part.logs.length > 0) parts.push(part)
  return parts
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

/** Ids of loose objects that no pack has. */
export function findLoose(store: StoreShape, survey: Survey, problems: SourceProblem[]): string[] {
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
    return !survey.packs.some((found) => found && found.pack.index.find(bytes) >= 0)
  })
}

/** The logs of all refs, by their paths in the repository. */
export function findLogs(gitDirs: readonly string[]): PackPart['logs'] {
  return gitDirs.flatMap((gitDir) => {
    try {
      const entries = readdirSync(join(gitDir, 'logs'), { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.path, entry.name))
        .sort()
        .map((path) => ({ path, name: relative(gitDirs[0] ?? gitDir, path) }))
    } catch {
      return []
    }
  })
}
