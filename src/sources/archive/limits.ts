/**
 * How far unpacking goes, and the count of what it took. One budget covers one outermost archive with all that
 * is nested in it, so that a bomb cannot start anew at each level.
 */
import { AppError } from '../../model/errors.ts'

export interface ArchiveLimits {
  /** Archives inside archives; 1 reads the outermost only. Default 8. */
  maxDepth: number
  /** Members of one outermost archive, nested ones included. Default 100,000. */
  maxMembers: number
  /** Bytes unpacked of one outermost archive over all levels. Default 2 GiB. */
  maxBytes: number
  /** Bytes of one member. Default 1 GiB. */
  maxMemberBytes: number
  /** Bytes unpacked for each packed byte of one compressed stream, past its first 8 MiB. Default 200. */
  maxRatio: number
  /** Bytes of zip files held in memory at once where only streaming is possible. Default 64 MiB. */
  maxMemoryBytes: number
}

export const defaultArchiveLimits: ArchiveLimits = {
  maxDepth: 8,
  maxMembers: 100_000,
  maxBytes: 2 * 1024 ** 3,
  maxMemberBytes: 1024 ** 3,
  maxRatio: 200,
  maxMemoryBytes: 64 * 1024 ** 2,
}

/** A bound was passed. */
export class LimitReached extends AppError {
  /** The outermost archive ends here; otherwise only the member or the nested archive does. */
  readonly whole: boolean

  constructor(message: string, whole: boolean) {
    super('archive_limit', message)
    this.whole = whole
  }
}

/** What one outermost archive has taken so far. */
export interface Budget {
  readonly limits: ArchiveLimits
  members: number
  bytes: number
  memory: number
}

export function startBudget(limits: ArchiveLimits): Budget {
  return { limits, members: 0, bytes: 0, memory: 0 }
}

/** Counts a member. Throws `LimitReached` when there are too many. */
export function countMember(budget: Budget): void {
  budget.members += 1
  if (budget.members > budget.limits.maxMembers) {
    throw new LimitReached(
      `it holds more than ${budget.limits.maxMembers} members; the rest was not read`,
      true,
    )
  }
}

/** Small streams may be as dense as they like: a file of equal lines packs a thousandfold. */
const ratioFloor = 8 * 1024 ** 2

/**
 * Passes a member's bytes through and counts them; throws `LimitReached` at the chunk that goes too far.
 * @param packed bytes of packed input used so far, asked after each chunk
 */
export async function* boundMember(
  bytes: AsyncIterable<Uint8Array>,
  budget: Budget,
  packed: () => number,
): AsyncGenerator<Uint8Array> {
  const { maxBytes, maxMemberBytes, maxRatio } = budget.limits
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    budget.bytes += chunk.length
    if (budget.bytes > maxBytes) {
      throw new LimitReached(`it unpacks to more than ${maxBytes} bytes; the rest was not read`, true)
    }
    if (size > maxMemberBytes) {
      throw new LimitReached(
        `this member is larger than ${maxMemberBytes} bytes; its rest was not read`,
        false,
      )
    }
    if (size > ratioFloor && size > maxRatio * packed()) {
      throw new LimitReached(
        `it unpacks to more than ${maxRatio} times its size; its rest was not read`,
        false,
      )
    }
    yield chunk
  }
}
