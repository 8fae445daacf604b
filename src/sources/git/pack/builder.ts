/** Builds objects of one pack in the heap: what stands at an offset, whole or as a delta upon a base. */
import { copiesRoom, readDeltaSizes } from './delta.ts'
import { emptyHeader, offsetDelta, readEntryHeader, refDelta } from './entry-header.ts'
import type { Heap, Slot } from './heap.ts'
import type { OpenPack, Reader } from './reader.ts'
import { corrupt, outputFull, slack, truncated, wrongChecksum } from './wasm/layout.ts'

/** Why an object could not be built. */
export interface Failure {
  /** For people; null where it is larger than what is built. */
  why: string | null
}

const tooLarge: Failure = { why: null }
/** Read at a time: half of all objects follow closely on the one before. */
const usualReadAhead = 4 * 1024

export function isFailure(made: Slot | Failure): made is Failure {
  return 'why' in made
}

export class Builder {
  readonly #heap: Heap
  readonly #pack: OpenPack
  readonly #limit: number
  readonly #readAhead: number
  readonly #reader: () => Reader
  readonly #header = emptyHeader()
  #input: Slot | null = null
  #inputOffset = 0
  #inputEnd = 0
  #delta: Slot | null = null
  #copies: Slot | null = null
  #copyCount = 0

  /**
   * @param limit objects above are not built
   * @param readAhead bytes read at a time, at least
   */
  constructor(heap: Heap, pack: OpenPack, limit: number, reader: () => Reader, readAhead = usualReadAhead) {
    this.#readAhead = readAhead
    this.#heap = heap
    this.#pack = pack
    this.#limit = limit
    this.#reader = reader
  }

  /** The copies of the last object built from a base, as triples; overwritten by the next. */
  get copies(): Uint32Array | null {
    const at = this.#copies
    return at && this.#heap.words.subarray(at.at >> 2, (at.at >> 2) + 3 * this.#copyCount)
  }

  /** To be called after the heap was reset. */
  reset(): void {
    this.#input = null
    this.#inputEnd = 0
    this.#delta = null
    this.#copies = null
  }

  /**
   * @param length bytes it takes in the pack, or more
   * @param base what it is made from; null where it is whole, or its base is outside of the pack
   */
  build(offset: number, length: number, base: Slot | null): Slot | Failure {
    const heap = this.#heap
    const { index, end: packEnd } = this.#pack
    const at = this.#load(offset, Math.min(length, packEnd - offset))
    if (at < 0) return { why: 'the pack ends before it' }
    const end = at + Math.min(length, this.#inputEnd - offset)
    const header = this.#header
    readEntryHeader(heap.bytes, at, index.hashLength, header)
    const { type, size, dataAt } = header
    if (size > this.#limit) return tooLarge
    if (type !== offsetDelta && type !== refDelta) {
      const slot = heap.allocate(size)
      if (!slot) return tooLarge
      const status = heap.inflate(dataAt, end, slot.at, slot.at + size)
      if (status === 0 && heap.made === size) return slot
      heap.release(slot)
      return reasonOf(status)
    }
    const named = base ? '' : heap.bytes.toString('hex', header.baseAt, header.baseAt + index.hashLength)
    this.#delta = this.#sized(this.#delta, size)
    if (!this.#delta) return tooLarge
    const status = heap.inflate(dataAt, end, this.#delta.at, this.#delta.at + size)
    if (status !== 0 || heap.made !== size) return reasonOf(status)
    if (base) return this.#apply(this.#delta, size, base)
    const object = this.#reader().read(named)
    const borrowed = object && heap.allocate(object.bytes.length)
    if (!borrowed) return { why: 'what it is made from is missing' }
    object.bytes.copy(heap.bytes, borrowed.at)
    const made = this.#apply(this.#delta, size, borrowed)
    heap.release(borrowed)
    return made
  }

  #apply(delta: Slot, deltaSize: number, base: Slot): Slot | Failure {
    const heap = this.#heap
    const sizes = readDeltaSizes(heap.bytes, delta.at, delta.at + deltaSize)
    if (sizes.baseSize !== base.size) return { why: 'its base has another size than it says' }
    if (sizes.size > this.#limit) return tooLarge
    this.#copies = this.#sized(this.#copies, copiesRoom(deltaSize, sizes.size))
    const slot = this.#copies && heap.allocate(sizes.size)
    if (!this.#copies || !slot) return tooLarge
    const end = delta.at + deltaSize
    const { at } = this.#copies
    this.#copyCount = heap.applyDelta(sizes.at, end, base.at, base.size, slot.at, sizes.size, at)
    if (this.#copyCount >= 0) return slot
    heap.release(slot)
    return { why: 'its delta is broken' }
  }

  /** Where the bytes at `offset` are, `length` of them unless the pack ends; -1 where there are none. */
  #load(offset: number, length: number): number {
    if (length <= 0) return -1
    if (!this.#input || offset < this.#inputOffset || offset + length > this.#inputEnd) {
      const wanted = Math.min(Math.max(length, this.#readAhead), this.#pack.end - offset)
      this.#input = this.#sized(this.#input, wanted + slack)
      if (!this.#input) return -1
      this.#inputOffset = offset
      this.#inputEnd = offset + this.#pack.file.read(this.#heap.bytes, this.#input.at, wanted, offset)
    }
    return this.#input.at + (offset - this.#inputOffset)
  }

  /** The slot, or a larger one in its place. */
  #sized(slot: Slot | null, size: number): Slot | null {
    if (slot && slot.size >= size) return slot
    if (slot) this.#heap.release(slot)
    return this.#heap.allocate(Math.max(size, this.#readAhead + slack))
  }
}

function reasonOf(status: number): Failure {
  if (status === truncated) return { why: 'its compressed bytes end early' }
  if (status === outputFull) return { why: 'it is larger than it says' }
  if (status === wrongChecksum) return { why: 'its checksum is wrong' }
  return { why: status === corrupt ? 'its compressed bytes are broken' : 'it is smaller than it says' }
}
