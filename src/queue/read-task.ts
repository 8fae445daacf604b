/**
 * One reading task: the only place where the steps meet. Blobs come from a source, go through the engine,
 * and what is found is located once and recorded, one transaction a blob. Content met before under the same
 * detectors is left out; a repeated task changes nothing.
 */
import { crashPoint } from '../base/crash-point.ts'
import type { Metrics } from '../base/metrics.ts'
import type { ServiceKeys } from '../base/service-key.ts'
import { recordHits } from '../findings/record.ts'
import { isProblem, type Place, type SourceProblem } from '../model/blob.ts'
import { addStats, emptyStats, type Hit, type ScanStats } from '../model/hit.ts'
import type { ReadingTask } from '../model/target.ts'
import type { Engine } from '../scan/engine.ts'
import type { Sources } from '../sources/open.ts'
import type { Db } from '../store/database.ts'
import { markSeen, seenAmong } from '../store/seen.ts'

export interface ReadDeps {
  db: Db
  keys: ServiceKeys
  engine: Engine
  metrics: Metrics
  sources: Pick<Sources, 'open'>
}

export interface ReadContext {
  scanId: string
  sourceId: string
  /** Called after each blob with the sums so far. */
  progress: (stats: ScanStats) => void
}

export interface ReadOutcome {
  stats: ScanStats
  problems: SourceProblem[]
  /** Content left out because it was scanned before. */
  unchanged: number
}

/** Hits held until the unit is read: places are located together, which for git is one walk of the history. */
const maxHeld = 10_000

interface Found {
  place: Place
  hits: Hit[]
}

export async function readTask(
  task: ReadingTask,
  context: ReadContext,
  deps: ReadDeps,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  const fresh = await withoutSeen(task, context.sourceId, deps)
  const outcome: ReadOutcome = { stats: emptyStats(), problems: [], unchanged: fresh.unchanged }
  if (!fresh.task) return outcome
  const unit = await deps.sources.open(fresh.task)
  try {
    const stateKey = unit.state ? `state:${fresh.key}@${await unit.state(signal)}` : null
    if (stateKey && (await isSeen(stateKey, context.sourceId, deps))) {
      outcome.unchanged += 1
      return outcome
    }
    let found: Found[] = []
    let held = 0
    const recordHeld = async (): Promise<void> => {
      const places = await unit.locate(
        found.map((one) => one.place),
        signal,
      )
      await recordFound(found, places, context, deps)
      found = []
      held = 0
    }
    for await (const item of unit.blobs(signal)) {
      if (isProblem(item)) {
        outcome.problems.push(item)
        continue
      }
      const result = await deps.engine.scan(item, signal)
      addStats(outcome.stats, result.stats)
      if (result.hits.length > 0) found.push({ place: item.place, hits: result.hits })
      count(result.hits, result.stats, deps.metrics)
      context.progress(outcome.stats)
      held += result.hits.length
      if (held > maxHeld) await recordHeld()
    }
    await recordHeld()
    await remember(stateKey ? [stateKey] : fresh.keys, outcome.problems, context.sourceId, deps)
    return outcome
  } finally {
    await unit.close()
  }
}

function count(hits: readonly Hit[], stats: ScanStats, metrics: Metrics): void {
  metrics.blobs.inc(stats.blobs)
  metrics.bytes.inc(stats.bytesScanned)
  for (const hit of hits) metrics.hits.inc({ detector: hit.detector })
  for (const [reason, number] of Object.entries(stats.drops)) metrics.drops.inc({ reason }, number)
}

async function recordFound(
  found: readonly Found[],
  places: readonly Place[][],
  context: ReadContext,
  deps: ReadDeps,
): Promise<void> {
  for (const [index, { place, hits }] of found.entries()) {
    const located = places[index]
    const where = located && located.length > 0 ? located : [place]
    await recordHits(
      deps.db,
      { keys: deps.keys },
      {
        scanId: context.scanId,
        sourceId: context.sourceId,
        found: hits.map((hit) => ({ hit, places: where })),
      },
    )
    crashPoint('between-blobs')
  }
}

interface Fresh {
  task: ReadingTask | null
  /** Names the unit among those of its source. */
  key: string
  /** Names what of it is read now, to be remembered when all went well. */
  keys: { key: string; subject: string }[] | string[]
  unchanged: number
}

async function withoutSeen(task: ReadingTask, sourceId: string, deps: ReadDeps): Promise<Fresh> {
  if (task.kind === 's3-objects') {
    const named = task.objects.map((object) => ({
      object,
      key: `s3:${task.bucket}/${object.key}@${object.version_id ?? object.etag}`,
    }))
    const seen = await seenAmong(
      deps.db,
      sourceId,
      deps.engine.detectorSet,
      named.map((one) => one.key),
    )
    const left = named.filter((one) => !seen.has(one.key))
    return {
      task: left.length > 0 ? { ...task, objects: left.map((one) => one.object) } : null,
      key: task.bucket,
      keys: left.map((one) => ({ key: one.key, subject: one.object.key })),
      unchanged: named.length - left.length,
    }
  }
  if (task.kind === 'github-blob') {
    const key = `github:${task.repository}/${task.path}@${task.blobSha}`
    const seen = await isSeen(key, sourceId, deps)
    return { task: seen ? null : task, key, keys: [{ key, subject: task.path }], unchanged: seen ? 1 : 0 }
  }
  const key = task.kind === 'git' ? `git:${task.repository}` : task.kind
  return { task, key, keys: [], unchanged: 0 }
}

async function isSeen(key: string, sourceId: string, deps: ReadDeps): Promise<boolean> {
  return (await seenAmong(deps.db, sourceId, deps.engine.detectorSet, [key])).has(key)
}

/** What had a problem is read again next time; deliberate skips are not. */
async function remember(
  keys: Fresh['keys'],
  problems: readonly SourceProblem[],
  sourceId: string,
  deps: ReadDeps,
): Promise<void> {
  const errors = problems.filter((one) => one.problem === 'error')
  const good = keys
    .map((one) => (typeof one === 'string' ? { key: one, subject: null } : one))
    .filter(({ subject }) =>
      subject === null ? errors.length === 0 : !errors.some((one) => one.subject.includes(subject)),
    )
  await markSeen(
    deps.db,
    sourceId,
    deps.engine.detectorSet,
    good.map((one) => one.key),
  )
}
