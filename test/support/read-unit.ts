/** Reads an open unit to its end, as a scan does. */
import { type Blob, isProblem, type Place, type SourceProblem } from '../../src/model/blob.ts'
import type { OpenUnit } from '../../src/model/unit.ts'

export interface ReadUnit {
  blobs: { place: Place; bytes: Buffer }[]
  problems: SourceProblem[]
}

export async function readUnit(
  unit: Pick<OpenUnit, 'blobs'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<ReadUnit> {
  return readItems(unit.blobs(signal), signal)
}

export async function readItems(
  items: AsyncIterable<Blob | SourceProblem>,
  signal: AbortSignal = new AbortController().signal,
): Promise<ReadUnit> {
  const read: ReadUnit = { blobs: [], problems: [] }
  for await (const item of items) {
    if (isProblem(item)) read.problems.push(item)
    else read.blobs.push({ place: item.place, bytes: await bytesOf(item, signal) })
  }
  return read
}

export async function bytesOf(
  blob: Blob,
  signal: AbortSignal = new AbortController().signal,
): Promise<Buffer> {
  const chunks = []
  for await (const chunk of blob.open(signal)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
