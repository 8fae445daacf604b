/**
 * A thread of a scan: makes an engine of its own, does parts, and answers with plain data. Credentials go back to the
 * thread that asked and nowhere else.
 */

import type { Confidence } from '../model/hit.ts'
import type { UnitPart } from '../model/unit.ts'
import { serveParts } from '../scan/serve-parts.ts'
import type { ArchiveLimits } from '../sources/archive/limits.ts'
import { excluder } from './exclude.ts'
import { type EngineWish, loadEngine } from './load-engine.ts'
import { type PartRecord, packOutcome } from './part-record.ts'
import { emptySums, scanPart } from './scan-part.ts'

/** What all threads of a scan are told. */
export interface ThreadSetup {
  engine: EngineWish
  /** Globs to leave out. */
  exclude: readonly string[]
  archive: ArchiveLimits
  /** As in `PartContext`. */
  least: Confidence
  /** Counts the bytes that all threads have read. */
  bytesRead: BigInt64Array
}

serveParts(async (setup, stopped) => {
  const { archive, bytesRead, engine: wish, exclude, least } = setup as ThreadSetup
  const engine = await loadEngine(wish)
  const excluded = excluder(exclude)
  // One for all parts: once they are to stop, they all are.
  const stop = new AbortController()

  return async (part): Promise<PartRecord> => {
    const sums = emptySums()
    let told = 0
    const onProgress = (): void => {
      Atomics.add(bytesRead, 0, BigInt(sums.bytesRead - told))
      told = sums.bytesRead
      if (stopped()) stop.abort()
    }
    const context = {
      engine: async () => engine,
      excluded,
      archive,
      least,
      sums,
      onProgress,
      signal: stop.signal,
    }
    return packOutcome(await scanPart(part as UnitPart, context), sums)
  }
})
