/** A blob to be read at any place: by range where its source can, else from memory, as long as it fits. */
import type { Blob } from '../../model/blob.ts'
import type { Context } from './context.ts'
import { accessMemory, accessRanges, type RandomAccess } from './random-access.ts'

export interface Whole {
  /** Null where it does not fit in memory. */
  access: RandomAccess | null
  /** The bytes as they are, once more. */
  raw: Blob
}

export type RangedBlob = Blob & { size: number; read: NonNullable<Blob['read']> }

export function canRange(blob: Blob): blob is RangedBlob {
  return blob.read !== undefined && blob.size !== null
}

/** The memory it takes is added to the budget; the caller takes it off again. */
export async function openWhole(blob: Blob, { budget, signal }: Context): Promise<Whole> {
  if (canRange(blob)) {
    return { access: accessRanges((start, end) => blob.read(start, end, signal), blob.size), raw: blob }
  }
  const iterator = blob.open(signal)[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
    chunks.push(step.value)
    budget.memory += step.value.length
    if (budget.memory > budget.limits.maxMemoryBytes)
      return { access: null, raw: { ...blob, open: () => continued(chunks, iterator) } }
  }
  const access = accessMemory(Buffer.concat(chunks))
  return { access, raw: { ...blob, open: () => continued([access.memory]) } }
}

async function* continued(
  first: readonly Uint8Array[],
  rest?: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* first
    if (!rest) return
    for (let step = await rest.next(); !step.done; step = await rest.next()) yield step.value
  } finally {
    await rest?.return?.()
  }
}
