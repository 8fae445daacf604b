/** How trouble with objects and packs is told: each thing once, and no more than people can read of one kind. */
import type { SourceProblem } from '../../../model/blob.ts'

export function damagedObject(id: string, why: string): SourceProblem {
  const message = `this object is damaged: ${why}; run git fsck in the repository`
  return { problem: 'error', code: 'unreadable', subject: id, message }
}

export function damagedFile(path: string, why: string): SourceProblem {
  return { problem: 'error', code: 'unreadable', subject: path, message: why }
}

/** @param isBase not itself, but what it is made from */
export function tooLarge(id: string, limit: number, isBase = false): SourceProblem {
  const message = `${isBase ? 'it is made from an object that' : 'it'} is larger than ${limit} bytes`
  return { problem: 'skipped', code: 'too_large', subject: id, message }
}

/** Problems told of one pack or part before the rest is only counted. */
const most = 1000

export interface ProblemList {
  readonly all: SourceProblem[]
  add(problem: SourceProblem): void
  /** Adds how many were left out, if any. */
  finish(subject: string): void
}

export function createProblemList(): ProblemList {
  const all: SourceProblem[] = []
  let more = 0
  return {
    all,
    add(problem) {
      if (all.length < most) all.push(problem)
      else more += 1
    },
    finish(subject) {
      if (more > 0) all.push(damagedFile(subject, `${more} more objects could not be read or were left out`))
      more = 0
    },
  }
}
