/**
 * A folder cut into parts of so many files each: where a part begins follows from the names alone, so that what comes
 * out is the same however many threads read.
 */
import { lstatSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { SourceProblem } from '../../model/blob.ts'
import type { FilesPart } from '../../model/unit.ts'
import { shownPath } from './shown-path.ts'
import { join, pathBytes, walkFiles } from './walk.ts'

/** Files of a part: enough that handing them out costs nothing, few enough that all threads end together. */
const filesInPart = 256

/** After so many names whatever else waits in this thread has its turn. */
const namesInTurn = 1024

export interface CutOptions {
  /** The folder, in Latin-1. */
  root: string
  /** What the person named. */
  target: string
  excluded: (path: string) => boolean
  /** Ask for the size of each file, so that somebody can say how much is left: a system call for each. */
  measure: boolean
}

export async function* cutFiles(
  { root, target, excluded, measure }: CutOptions,
  signal: AbortSignal,
): AsyncGenerator<FilesPart | SourceProblem> {
  let paths: string[] = []
  let bytes = 0
  let names = 0
  const part = (): FilesPart => ({ kind: 'files', root, target, paths, bytes })
  for (const item of walkFiles(root, excluded)) {
    if (++names % namesInTurn === 0) {
      await setImmediate()
      signal.throwIfAborted()
    }
    if (typeof item !== 'string') {
      yield { ...item, subject: shownPath(target, item.subject) }
      continue
    }
    paths.push(item)
    if (measure) bytes += sizeOf(join(root, item))
    if (paths.length < filesInPart) continue
    yield part()
    paths = []
    bytes = 0
  }
  if (paths.length > 0) yield part()
}

/** Bytes of a file as listed; 0 where it is gone already, which whoever opens it will say. */
export function sizeOf(path: string): number {
  return lstatSync(pathBytes(path), { throwIfNoEntry: false })?.size ?? 0
}
