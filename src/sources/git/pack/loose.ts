/** Objects that are files of their own, `objects/ab/cdef…`: a zlib stream of type, size and content. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type ObjectType, typeNames } from './entry-header.ts'
import type { Heap, Slot } from './heap.ts'
import { outputFull, slack } from './wasm/layout.ts'

/** Type and size take less. */
const headSize = 64
/** Read to learn the type: enough for any header, whatever the compression. */
const firstRead = 512

export type Loose =
  | { type: ObjectType; slot: Slot; start: number; size: number }
  /** It was not wanted; `size` is what the file says. */
  | { type: ObjectType; slot: null; size: number }

/**
 * Decompresses the object into the heap; the caller releases its slot, whose content begins `start` bytes in. Null
 * where there is no such file, a text where it is damaged.
 */
export function readLoose(
  folder: string,
  id: string,
  heap: Heap,
  wants: (type: ObjectType, size: number) => boolean,
): Loose | string | null {
  let file: number
  try {
    file = openSync(fileOf(folder, id), 'r')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'its file cannot be opened'
  }
  try {
    return readOpen(file, heap, wants)
  } finally {
    closeSync(file)
  }
}

function readOpen(
  file: number,
  heap: Heap,
  wants: (type: ObjectType, size: number) => boolean,
): Loose | string {
  const { size: fileSize } = fstatSync(file)
  const first = heap.allocate(firstRead)
  const head = heap.allocate(headSize)
  if (!first || !head) return 'there is no memory left for it'
  const got = readAll(file, heap, first.at, Math.min(firstRead, fileSize))
  const status = heap.inflate(first.at, first.at + got, head.at, head.at + headSize)
  const made = heap.made
  const text = heap.bytes.toString('latin1', head.at, head.at + made)
  heap.release(first)
  heap.release(head)
  const found = /^(commit|tree|blob|tag) (\d{1,15})\0/.exec(text)
  if (!found || (status < 0 && made < headSize && fileSize <= firstRead))
    return 'it does not begin as an object'
  const type = found[1] as ObjectType
  const size = Number(found[2])
  if (!wants(type, size)) return { type, slot: null, size }

  const start = found[0].length
  const input = heap.allocate(fileSize + slack)
  const slot = input && heap.allocate(start + size)
  if (!input || !slot) return 'there is no memory left for it'
  const read = readAll(file, heap, input.at, fileSize)
  const result = heap.inflate(input.at, input.at + read, slot.at, slot.at + start + size)
  const whole = heap.made
  heap.release(input)
  if (result === 0 && whole === start + size) return { type, slot, start, size }
  heap.release(slot)
  return result === outputFull ? 'it is larger than it says' : 'its compressed bytes are broken'
}

function readAll(file: number, heap: Heap, at: number, size: number): number {
  let got = 0
  while (got < size) {
    const some = readSync(file, heap.bytes, at + got, size - got, got)
    if (some === 0) break
    got += some
  }
  return got
}

export function hasLoose(folder: string, id: string): boolean {
  return existsSync(fileOf(folder, id))
}

function fileOf(folder: string, id: string): string {
  return join(folder, id.slice(0, 2), id.slice(2))
}

/** The ids of all objects that have files of their own. */
export function listLoose(folder: string, hashLength: number): string[] {
  const ids: string[] = []
  const name = new RegExp(`^[0-9a-f]{${2 * hashLength - 2}}$`)
  for (const prefix of readdirSync(folder)) {
    if (!/^[0-9a-f]{2}$/.test(prefix)) continue
    for (const rest of readdirSync(join(folder, prefix))) if (name.test(rest)) ids.push(prefix + rest)
  }
  return ids
}

/** The number packs have for a type. */
export function typeNumber(type: ObjectType): number {
  return typeNames.indexOf(type)
}
