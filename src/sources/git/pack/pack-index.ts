/**
 * The index beside a pack, versions 1 and 2 (`gitformat-pack(5)`): ids in order, and where each object begins. It lies
 * in memory that all worker threads of the process share.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { AppError } from '../../../model/errors.ts'

export interface PackIndex {
  /** Objects in the pack. */
  readonly count: number
  readonly hashLength: number
  /** The file, in shared memory. */
  readonly bytes: Buffer
  /** Where the id at a position is: `idsAt + position * idStride`. */
  readonly idsAt: number
  readonly idStride: number
  /** What the index says the checksum of its pack is. */
  readonly packChecksum: Buffer
  /** Positions count in the order of ids. */
  offset(position: number): number
  id(position: number): string
  /** A view on the id. */
  idBytes(position: number): Buffer
  /** The position of the id that stands at `at` in `id`, or -1. */
  find(id: Buffer, at?: number): number
}

const fanSize = 256 * 4

/** Reads a whole file into memory that threads share. */
export function readShared(path: string): SharedArrayBuffer {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const shared = new SharedArrayBuffer(size)
    const bytes = new Uint8Array(shared)
    for (let at = 0; at < size; ) {
      const got = readSync(file, bytes, at, Math.min(size - at, 1 << 30), at)
      if (got === 0) throw new AppError('unreadable', `"${path}" ends before its size`)
      at += got
    }
    return shared
  } finally {
    closeSync(file)
  }
}

/** Throws `AppError` for what is no index. */
export function openIndex(shared: SharedArrayBuffer, hashLength: number): PackIndex {
  const bytes = Buffer.from(shared)
  const isFirst = bytes.length < 8 || bytes.readUInt32BE(0) !== 0xff744f63
  if (!isFirst && bytes.readUInt32BE(4) !== 2) throw broken('its version is unknown')
  const fanAt = isFirst ? 0 : 8
  const trailer = 2 * hashLength
  if (bytes.length < fanAt + fanSize + trailer) throw broken('it is too short')
  let count = 0
  for (let byte = 0; byte < 256; byte++) {
    const upTo = bytes.readUInt32BE(fanAt + 4 * byte)
    if (upTo < count) throw broken('its counts do not rise')
    count = upTo
  }
  const idStride = isFirst ? hashLength + 4 : hashLength
  const idsAt = fanAt + fanSize + (isFirst ? 4 : 0)
  const tables = fanAt + fanSize
  const offsetsAt = tables + count * (hashLength + 4)
  const largeAt = offsetsAt + count * 4
  const largeCount = (bytes.length - largeAt - trailer) / 8
  if (isFirst) {
    if (bytes.length !== tables + count * idStride + trailer) throw broken('its size does not fit')
  } else if (largeCount < 0 || !Number.isInteger(largeCount)) throw broken('its size does not fit')

  function offset(position: number): number {
    if (isFirst) return bytes.readUInt32BE(tables + position * idStride)
    const small = bytes.readUInt32BE(offsetsAt + position * 4)
    if (small < 0x80000000) return small
    const large = small - 0x80000000
    // Nothing is there; the pack has an end.
    if (large >= largeCount) return Number.MAX_SAFE_INTEGER
    return bytes.readUInt32BE(largeAt + large * 8) * 2 ** 32 + bytes.readUInt32BE(largeAt + large * 8 + 4)
  }

  function find(id: Buffer, at = 0): number {
    const first = id[at] ?? 0
    let low = first === 0 ? 0 : bytes.readUInt32BE(fanAt + 4 * first - 4)
    let high = bytes.readUInt32BE(fanAt + 4 * first)
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = compareIds(bytes, idsAt + middle * idStride, id, at, hashLength)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle
    }
    return -1
  }

  return {
    count,
    hashLength,
    bytes,
    idsAt,
    idStride,
    packChecksum: bytes.subarray(bytes.length - trailer, bytes.length - hashLength),
    offset,
    id: (position) =>
      bytes.toString('hex', idsAt + position * idStride, idsAt + position * idStride + hashLength),
    idBytes(position) {
      const at = idsAt + position * idStride
      return bytes.subarray(at, at + hashLength)
    },
    find,
  }
}

/** Below 0 where the first stands before the second. */
export function compareIds(one: Buffer, at: number, other: Buffer, otherAt: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = (one[at + i] ?? 0) - (other[otherAt + i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function broken(why: string): AppError {
  return new AppError('unreadable', `the index of a pack is damaged: ${why}`)
}
