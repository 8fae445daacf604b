/**
 * Unpacks archives on the fly, nested ones too, in front of the engine: plain blobs pass through, an archive is
 * replaced by its members. Nothing is written to disk; the packed bytes are passed on only where they may hold more than
 * the members, or could not be unpacked.
 *
 * Members are streams over one reader: each is to be read before the next is asked for. What goes wrong with a
 * member (a bound, damage) shortens that member quietly, so that what was read of it still counts, and follows
 * it as a problem.
 */
import { type Blob, isProblem, type SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import { blankedBytes, Stretches } from './blanked.ts'
import { compressedMember } from './compressed.ts'
import { type Context, innerName, memberOf, tell, tellUnlessWhole } from './context.ts'
import { detectFormat } from './format.ts'
import { type ArchiveLimits, LimitReached, startBudget } from './limits.ts'
import type { PackedMember } from './members.ts'
import { peek } from './peek.ts'
import {
  isStreamed,
  type StreamedFormat,
  streamedMembers,
  type WholeFormat,
  wholeMembers,
} from './readers.ts'
import { canRange, openWhole } from './whole.ts'

type Items = AsyncGenerator<Blob | SourceProblem>

export async function* unpackAll(
  items: AsyncIterable<Blob | SourceProblem>,
  limits: ArchiveLimits,
  signal: AbortSignal,
): Items {
  for await (const item of items) {
    signal.throwIfAborted()
    if (isProblem(item)) {
      yield item
      continue
    }
    const context: Context = { budget: startBudget(limits), signal, told: new Set() }
    try {
      yield* unpackBlob(item, 0, context)
    } catch (error) {
      signal.throwIfAborted()
      yield* tell(error, item.place, context)
    }
  }
}

/** @param depth archives this blob is inside of */
async function* unpackBlob(blob: Blob, depth: number, context: Context): Items {
  const peeked = await peek(blob, context.signal)
  try {
    const format = detectFormat(peeked.head)
    if (format === null) {
      yield* depth === 0 ? [peeked.blob] : passMember(peeked.blob, context)
      return
    }
    const { maxDepth } = context.budget.limits
    if (depth >= maxDepth) {
      throw new LimitReached(
        `archives inside archives are read ${maxDepth} deep; this one was not opened`,
        false,
      )
    }
    if (isStreamed(format)) yield* unpackStreamed(format, blob, peeked, depth, context)
    else {
      if (canRange(blob)) await peeked.release()
      yield* unpackWhole(format, canRange(blob) ? blob : peeked.blob, depth, context)
    }
  } finally {
    await peeked.release()
  }
}

/** Hands a member on; its stream ends early where it breaks, and the reason follows. */
async function* passMember(blob: Blob, context: Context): Items {
  const broke: unknown[] = []
  yield {
    ...blob,
    async *open(signal) {
      try {
        yield* blob.open(signal)
      } catch (error) {
        signal.throwIfAborted()
        broke.push(error)
      }
    },
  }
  for (const error of broke) yield* tellUnlessWhole(error, blob.place, context)
}

/** Formats that are read from front to back. */
async function* unpackStreamed(
  format: StreamedFormat,
  original: Blob,
  { blob, head }: { blob: Blob; head: Buffer },
  depth: number,
  context: Context,
): Items {
  const { budget, signal } = context
  let opened = false
  try {
    const packed = blob.open(signal)
    const members =
      format === 'tar' || format === 'ar' || format === 'cpio' || format === 'rpm'
        ? streamedMembers(format, packed, budget)
        : [await compressedMember(format, packed, head, innerName(blob.place), budget)]
    for await (const member of members) {
      opened = true
      yield* unpackMember(member, blob, depth, context)
    }
  } catch (error) {
    signal.throwIfAborted()
    yield* tellUnlessWhole(error, blob.place, context)
    // It only began like one.
    if (!opened && !(error instanceof AppError) && canRange(original)) yield original
  }
}

/** Formats that are read here and there. */
async function* unpackWhole(format: WholeFormat, blob: Blob, depth: number, context: Context): Items {
  const { budget, signal } = context
  const before = budget.memory
  const covered = new Stretches()
  let opened = false
  let rawToo = format === 'sqlite' || format === 'pdf'
  try {
    const { access, raw } = await openWhole(blob, context)
    if (!access) {
      yield* tell(tooLarge(budget.limits), blob.place, context)
      yield* depth === 0 ? [raw] : passMember(raw, context)
      return
    }
    try {
      for await (const member of wholeMembers(format, access, budget, covered)) {
        opened = true
        yield* unpackMember(member, blob, depth, context)
      }
    } catch (error) {
      signal.throwIfAborted()
      yield* tellUnlessWhole(error, blob.place, context)
      // No directory, so no members: stored ones may still be read in the bytes as they are.
      rawToo ||= !opened
    }
    const { place, size } = blob
    if (rawToo) yield { place, size, contentId: null, open: () => blankedBytes(access, covered) }
  } finally {
    budget.memory = before
  }
}

function tooLarge({ maxMemoryBytes }: ArchiveLimits): LimitReached {
  return new LimitReached(
    `it can only be unpacked from memory, and would take more than ${maxMemoryBytes} bytes of it; it was scanned packed`,
    false,
  )
}

/** A member may be an archive itself. What breaks it ends it alone, unless the whole is over. */
async function* unpackMember(
  { name, size, refused, bytes }: PackedMember,
  { place }: Blob,
  depth: number,
  context: Context,
): Items {
  const member = memberOf(place, name, size, bytes)
  try {
    if (refused) throw refused
    yield* unpackBlob(member, depth + 1, context)
  } catch (error) {
    context.signal.throwIfAborted()
    yield* tellUnlessWhole(error, member.place, context)
  }
}
