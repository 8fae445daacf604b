/**
 * Finds where blobs with hits stand: for each path that ever held one, the first commit that put it there, and who
 * made it. Objects are read from the packs themselves, without git.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { AppError } from '../../model/errors.ts'
import { type AttributeOptions, attribute } from './attribute/attribute.ts'
import type { Attribution } from './attribute/person.ts'
import type { PackPart } from './pack/shape.ts'
import { type ObjectStore, openObjectStore } from './pack/store.ts'
import { walkHistory } from './pack/walk-history.ts'
import type { Refs } from './refs.ts'
import type { Repository } from './repository.ts'
import { sweepElsewhere } from './sweep-elsewhere.ts'

/** Pieces the walk is cut into, so that an interrupt is noticed between them. */
const pieces = 16

export interface Located {
  /** By blob id, in the order of the paths; a blob no commit holds is not in it. */
  places: Map<string, Attribution[]>
  /** Commits and trees that are missing or damaged, and may have held more. */
  gaps: number
}

interface Bounds extends Pick<AttributeOptions, 'isKnown'> {
  timeoutMs: number
  signal: AbortSignal
}

/**
 * The places of each blob. `opened`: the objects of the repository, where they are open already.
 * Throws `AppError` `timeout` after `timeoutMs`.
 */
export async function locateBlobs(
  repository: Repository,
  blobs: ReadonlySet<string>,
  refs: Refs,
  { timeoutMs, signal, isKnown }: Bounds,
  opened: ObjectStore | null = null,
): Promise<Located> {
  const late = new AppError('timeout', `"${repository.name}": its history took longer than ${timeoutMs} ms`, {
    retryable: true,
  })
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(late), timeoutMs)
  const either = AbortSignal.any([signal, stop.signal])
  const objects = opened ?? (await openObjectStore(repository.gitDir))
  try {
    /** The number of the next part; two threads take them. */
    const next = new Int32Array(new SharedArrayBuffer(4))
    // Of what came since, objects are read one by one.
    const parts = isKnown ? [] : objects.historyParts(pieces)
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
    const store = {
      ...(isKnown
        ? {}
        : { expected: sum(parts.map(({ shares }) => sum(shares.map(({ from, to }) => to - from)))) }),
      read: (id: string) => objects.read(id),
      elsewhere: (wanted: readonly Buffer[]) => sweepElsewhere(parts, next, wanted, either),
      async sweep(visit: Parameters<typeof walkHistory>[1]): Promise<void> {
        for (let number = Atomics.add(next, 0, 1); number < parts.length; number = Atomics.add(next, 0, 1)) {
          walkHistory(parts[number] as PackPart, visit)
          await breathe()
          either.throwIfAborted()
        }
      },
    }
    const { places, gaps } = await attribute(store, refs, blobs, { signal: either, isKnown: isKnown ?? null })
    return {
      places: new Map([...places].map(([id, list]) => [id, list.map((one) => one.attribution)])),
      gaps,
    }
  } finally {
    clearTimeout(timer)
    if (!opened) objects.close()
  }
}
