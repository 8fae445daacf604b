/** How trouble with objects and packs is told: each thing once, and no more than people can read of one kind. */
import type { SourceProblem } from '../../../model/blob.ts'

export function damagedObject(id: string, why: string): SourceProblem {
  const message = `this object is damaged: ${why}; run git fsck in the repository`
  return { problem: 'error', code: 'unreadable', subject: id, message }
}

export function damagedFile(path: string, why: string): SourceProblem {
  return { problem: 'error', code: 'unreadable', subject: path, message: why }
}

export function tooLarge(id: string, limit: number): SourceProblem {
  return { problem: 'skipped', code: 'too_large', subject: id, message: `it is larger than ${limit} bytes` }
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
