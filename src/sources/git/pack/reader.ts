/**
 * Any object by its id, through packs, borrowed packs and loose objects. Chains of deltas are followed in a loop, so
 * their depth is no matter; what others were made from is kept for a while, as commits and trees come in families.
 */

import { copiesRoom, readDeltaSizes } from './delta.ts'
import {
  emptyHeader,
  type ObjectType,
  offsetDelta,
  readEntryHeader,
  refDelta,
  tree,
  typeNames,
} from './entry-header.ts'
import { Heap, type Slot } from './heap.ts'
import { hasLoose, readLoose, typeNumber } from './loose.ts'
import { openPackFile, type PackFile } from './pack-file.ts'
import { openIndex, type PackIndex } from './pack-index.ts'
import type { StoreShape } from './shape.ts'
import { slack, truncated } from './wasm/layout.ts'

export interface GitObject {
  type: ObjectType
  bytes: Buffer
}

export interface Reader {
  /** A copy of the object, or null where it is missing or damaged. `except`: number of a pack not to look in. */
  read(id: string, except?: number): GitObject | null
  /** Whether a pack other than number `except`, or a file, has it, in whatever state. */
  has(id: Buffer, except: number): boolean
  /** Its type, 0 where it is missing. */
  typeOf(id: Buffer): number
  /** The packs of the store as far as they could be opened. */
  readonly packs: readonly (OpenPack | null)[]
  close(): void
}

export interface OpenPack {
  number: number
  index: PackIndex
  file: PackFile
  /** Where the objects end and the checksum begins. */
  end: number
  isSuspect: boolean
}

interface Kept {
  type: number
  slot: Slot
  start: number
  size: number
}

interface Place {
  pack: OpenPack
  offset: number
}

/** A delta on the way down to a whole object. */
interface Step {
  key: number
  dataAt: number
  pack: OpenPack
  size: number
}

/** Bytes of objects kept for being bases; memory in use may be three times that before it is cleared. */
const keptLimit = 32 * 1024 * 1024
const windowSize = 64 * 1024
const maxWindows = 128
const headerRoom = 64

export function createReader(shape: StoreShape): Reader {
  const { hashLength, folders, maxBlobBytes } = shape
  const packs = shape.packs.map((pack, number): OpenPack | null => {
    try {
      const index = openIndex(pack.index, hashLength)
      const file = openPackFile(pack.path)
      return { number, index, file, end: file.size - hashLength, isSuspect: pack.isSuspect }
    } catch {
      return null
    }
  })
  const heap = new Heap()
  let windows = new Map<number, Slot>()
  let kept = new Map<number, Kept>()
  let keptBytes = 0
  const header = emptyHeader()
  /** The pack that had the last object. */
  let recent = 0

  /** Where the object is packed, beginning with the pack that had the last one. */
  function* places(id: Buffer, except: number): Generator<Place> {
    for (let i = 0; i < packs.length; i++) {
      const number = (recent + i) % packs.length
      const pack = packs[number]
      const position = !pack || number === except ? -1 : pack.index.find(id)
      if (pack && position >= 0) yield { pack, offset: pack.index.offset(position) }
    }
  }

  /** Where bytes of a pack stand in the heap, at least `length` of them unless the pack ends; -1 for none. */
  function view(pack: OpenPack, offset: number, length: number): { at: number; end: number } | null {
    if (offset < 0 || offset >= pack.end) return null
    const block = Math.floor(offset / windowSize)
    const inside = offset - block * windowSize
    if (inside + length > windowSize) return load(pack, offset, length)
    const key = keyOf(pack, block)
    let slot = windows.get(key)
    if (!slot) {
      if (windows.size >= maxWindows) {
        const [oldest] = windows
        if (oldest) {
          windows.delete(oldest[0])
          heap.release(oldest[1])
        }
      }
      slot = heap.allocate(windowSize) ?? undefined
      if (!slot) return null
      slot.size = pack.file.read(heap.bytes, slot.at, windowSize, block * windowSize)
      windows.set(key, slot)
    }
    return { at: slot.at + inside, end: slot.at + Math.min(slot.size, pack.end - block * windowSize) }
  }

  let direct: Slot | null = null

  function load(pack: OpenPack, offset: number, length: number): { at: number; end: number } | null {
    const wanted = Math.min(length, pack.end - offset)
    if (direct) heap.release(direct)
    direct = heap.allocate(wanted + slack)
    if (!direct) return null
    const got = pack.file.read(heap.bytes, direct.at, wanted, offset)
    return { at: direct.at, end: direct.at + got }
  }

  /** Decompresses what begins at `dataAt` of a pack into a new slot. */
  function inflate(pack: OpenPack, dataAt: number, size: number): Slot | null {
    const slot = heap.allocate(size)
    if (!slot) return null
    // What zlib makes of bytes it cannot compress, and twice that where another packer was worse.
    for (let guess = size + (size >> 8) + 64; ; guess *= 2) {
      const bytes = view(pack, dataAt, guess)
      if (!bytes) break
      const status = heap.inflate(bytes.at, bytes.end, slot.at, slot.at + size)
      if (status === 0 && heap.made === size) return slot
      if (status !== truncated || dataAt + guess >= pack.end) break
    }
    heap.release(slot)
    return null
  }

  function keep(key: number, made: Kept): void {
    kept.set(key, made)
    keptBytes += made.slot.size
    for (const [oldest, { slot }] of kept) {
      if (keptBytes <= keptLimit || oldest === key) break
      drop(oldest, slot)
    }
  }

  function drop(key: number, slot: Slot): void {
    kept.delete(key)
    keptBytes -= slot.size
    heap.release(slot)
  }

  function clear(): void {
    heap.reset()
    windows = new Map()
    kept = new Map()
    keptBytes = 0
    direct = null
  }

  /** The object in a slot that stays with `kept`, or with the caller where `key` is 0. */
  function build(start: Place): { made: Kept; key: number } | null {
    const steps: Step[] = []
    const named = new Set<string>()
    let place: Place | null = start
    let made: Kept | null = null
    let key = 0
    while (place && !made) {
      const { pack, offset }: Place = place
      key = keyOf(pack, offset)
      made = kept.get(key) ?? null
      if (made) {
        kept.delete(key)
        kept.set(key, made)
        break
      }
      const bytes = view(pack, offset, headerRoom)
      if (!bytes) return null
      readEntryHeader(heap.bytes, bytes.at, hashLength, header)
      const dataAt = offset + header.dataAt - bytes.at
      const { type, size } = header
      if (type === 0 || dataAt > pack.end || size > 2 * maxBlobBytes) return null
      if (type !== offsetDelta && type !== refDelta) {
        const slot = inflate(pack, dataAt, size)
        if (!slot) return null
        made = { type, slot, start: 0, size }
        if (steps.length > 0 || type === tree) keep(key, made)
        else key = 0
        break
      }
      steps.push({ key, dataAt, pack, size })
      if (type === offsetDelta) {
        if (header.distance <= 0 || header.distance > offset) return null
        place = { pack, offset: offset - header.distance }
        continue
      }
      const base = Buffer.from(heap.bytes.subarray(header.baseAt, header.baseAt + hashLength))
      const name = base.toString('hex')
      // Only named bases can go in a circle.
      if (named.has(name)) return null
      named.add(name)
      const position = pack.index.find(base)
      place = position < 0 ? first(places(base, pack.number)) : { pack, offset: pack.index.offset(position) }
      key = 0
      if (!place) made = loose(name)
    }
    if (!made) return null
    for (let step = steps.pop(); step; step = steps.pop()) {
      const next = apply(step, made)
      if (key === 0) heap.release(made.slot)
      if (!next) return null
      ;({ key } = step)
      made = next
      keep(key, made)
    }
    return { made, key }
  }

  function apply(step: Step, base: Kept): Kept | null {
    const delta = inflate(step.pack, step.dataAt, step.size)
    if (!delta) return null
    const sizes = readDeltaSizes(heap.bytes, delta.at, delta.at + step.size)
    const fits = sizes.baseSize === base.size && sizes.size <= 2 * maxBlobBytes
    const copies = fits ? heap.allocate(copiesRoom(step.size, sizes.size)) : null
    const slot = copies && heap.allocate(sizes.size)
    let done = false
    if (copies && slot) {
      const end = delta.at + step.size
      const baseAt = base.slot.at + base.start
      done = heap.applyDelta(sizes.at, end, baseAt, base.size, slot.at, sizes.size, copies.at) >= 0
    }
    heap.release(delta)
    if (copies) heap.release(copies)
    if (slot && done) return { type: base.type, slot, start: 0, size: sizes.size }
    if (slot) heap.release(slot)
    return null
  }

  function loose(id: string): Kept | null {
    for (const folder of folders) {
      const found = readLoose(folder, id, heap, (_, size) => size <= 2 * maxBlobBytes)
      if (found === null || typeof found === 'string' || !found.slot) continue
      return { type: typeNumber(found.type), slot: found.slot, start: found.start, size: found.size }
    }
    return null
  }

  function readOne(id: Buffer, except: number): GitObject | null {
    if (heap.reach > 5 * keptLimit) clear()
    for (const place of places(id, except)) {
      const built = build(place)
      if (!built) continue
      recent = place.pack.number
      return copyOf(built.made, built.key === 0)
    }
    const made = loose(id.toString('hex'))
    return made && copyOf(made, true)
  }

  function copyOf({ type, slot, start, size }: Kept, isDone: boolean): GitObject {
    const bytes = Buffer.from(heap.bytes.subarray(slot.at + start, slot.at + start + size))
    if (isDone) heap.release(slot)
    return { type: typeNames[type] as ObjectType, bytes }
  }

  return {
    packs,
    read(id, except = -1) {
      const bytes = Buffer.from(id, 'hex')
      return bytes.length === hashLength ? readOne(bytes, except) : null
    },
    has(id, except) {
      const hex = id.toString('hex')
      return first(places(id, except)) !== null || folders.some((folder) => hasLoose(folder, hex))
    },
    typeOf(id) {
      const object = readOne(id, -1)
      return object ? typeNumber(object.type) : 0
    },
    close() {
      for (const pack of packs) pack?.file.close()
    },
  }

  /** One number for a place; 0 is none. */
  function keyOf(pack: OpenPack, offset: number): number {
    return offset * packs.length + pack.number + 1
  }
}

function first<T>(values: Generator<T>): T | null {
  for (const value of values) return value
  return null
}
