/**
 * LZMA as 7-Zip and xz have it: a range decoder over adaptive bits, and copies out of a dictionary. It is fed in
 * pieces and stops where its input might not last for one more symbol. The dictionary grows with what comes out, so
 * that a small file that claims gigabytes of it takes little. Format: LZMA specification of the LZMA SDK.
 */
import { LimitReached } from './limits.ts'
import type { LzmaProperties } from './lzma-properties.ts'

/** Bytes that one symbol may take from the input at most. */
const longestSymbol = 21
const longestMatch = 273
const start = { match: 0, rep: 192, repG0: 204, repG1: 216, repG2: 228, rep0Long: 240 } as const
const startSlot = 432
const startSpecial = 688
const startAlign = 816
const startLength = 832
const startRepLength = 1346
const startLiteral = 1860
const firstRoom = 256 * 1024
/** Room beside the dictionary, so that it is moved to the front seldom: an eighth of it, within these. */
const slack = { least: 2 * firstRoom, most: 8 * 1024 * 1024 } as const
const even = 1024

export class LzmaDecoder {
  readonly #dictionarySize: number
  readonly #mostMemory: number
  #room: Buffer
  /** Where the next byte goes in `#room`, and how many are valid behind it. */
  #end = 0
  #filled = 0
  #written = 0
  #lc = 0
  #literalMask = 0
  #positionMask = 0
  #bits: Uint16Array = new Uint16Array(0)
  #state = 0
  #rep0 = 0
  #rep1 = 0
  #rep2 = 0
  #rep3 = 0
  #range = 0xffffffff
  #code = 0
  #input: Buffer = Buffer.alloc(0)
  #at = 0
  /** The stream's own end mark was met. */
  ended = false

  /**
   * @param dictionarySize as the stream states it
   * @param mostMemory bytes of dictionary to hold; `LimitReached` is thrown where more would be needed
   */
  constructor(dictionarySize: number, mostMemory: number) {
    // Never smaller than what is written between two takings.
    this.#dictionarySize = Math.max(dictionarySize, firstRoom)
    this.#mostMemory = Math.max(mostMemory, firstRoom)
    this.#room = Buffer.allocUnsafe(firstRoom)
  }

  /** Forgets the dictionary. */
  resetDictionary(): void {
    this.#filled = 0
    this.#written = 0
  }

  /** Starts anew, with other properties where they are given. */
  resetState(properties?: LzmaProperties): void {
    if (properties) {
      const { lc, lp, pb } = properties
      this.#lc = lc
      this.#literalMask = (1 << lp) - 1
      this.#positionMask = (1 << pb) - 1
      this.#bits = new Uint16Array(startLiteral + (0x300 << (lc + lp)))
    }
    this.#bits.fill(even)
    this.#state = this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0
  }

  /** Begins a range-coded stream, whose first five bytes these are. */
  startRange(head: Buffer): void {
    if (head[0] !== 0) throw damaged()
    this.#range = 0xffffffff
    this.#code = head.readUInt32BE(1)
    this.ended = false
  }

  /** The range decoder has come to its end as it should. */
  get atRest(): boolean {
    return this.#code === 0
  }

  /** Bytes as they are, into the dictionary. At most `firstRoom`. */
  store(bytes: Buffer): Buffer {
    const from = this.#begin(bytes.length)
    bytes.copy(this.#room, this.#end)
    this.#advance(bytes.length)
    return this.#room.subarray(from, this.#end)
  }

  /**
   * Decodes `most` bytes (at most 64 KiB) out of `input`, or fewer where that ends; up to 272 more where a copy goes on.
   * @param final no input follows
   * @returns bytes taken from the input, and what came out, valid until the next call
   */
  decode(input: Buffer, final: boolean, most: number): { taken: number; bytes: Buffer } {
    this.#input = input
    this.#at = 0
    const from = this.#begin(most + longestMatch)
    const limit = from + most
    const lastSafe = final ? Number.POSITIVE_INFINITY : input.length - longestSymbol
    while (this.#end < limit && this.#at <= lastSafe && !this.ended) {
      this.#symbol(limit)
      if (this.#at > input.length) throw damaged()
    }
    this.#input = Buffer.alloc(0)
    return { taken: this.#at, bytes: this.#room.subarray(from, this.#end) }
  }

  /** Makes room for `length` bytes in one piece: by growing, then by moving the dictionary to the front. */
  #begin(length: number): number {
    const needed = this.#end + length
    if (needed <= this.#room.length) return this.#end
    const beside = Math.min(slack.most, Math.max(slack.least, Math.floor(this.#dictionarySize / 8)))
    const wanted = this.#dictionarySize + beside
    if (this.#room.length < wanted) {
      if (needed > this.#mostMemory + beside) {
        throw new LimitReached(
          `unpacking it would take more than ${this.#mostMemory} bytes of memory; its rest was not read`,
          false,
        )
      }
      const larger = Buffer.allocUnsafe(Math.min(wanted, Math.max(needed, this.#room.length * 2)))
      this.#room.copy(larger, 0, 0, this.#end)
      this.#room = larger
      if (needed <= larger.length) return this.#end
    }
    const kept = Math.min(this.#filled, this.#dictionarySize)
    this.#room.copyWithin(0, this.#end - kept, this.#end)
    this.#filled = kept
    this.#end = kept
    return kept
  }

  #advance(length: number): void {
    this.#end += length
    this.#filled += length
    this.#written += length
  }

  #symbol(limit: number): void {
    const place = this.#written & this.#positionMask
    const state = this.#state
    if (this.#bit(start.match + (state << 4) + place) === 0) return this.#literal()
    let length: number
    if (this.#bit(start.rep + state) === 0) {
      this.#rep3 = this.#rep2
      this.#rep2 = this.#rep1
      this.#rep1 = this.#rep0
      length = this.#length(startLength, place)
      this.#state = state < 7 ? 7 : 10
      this.#rep0 = this.#distance(length)
      if (this.#rep0 === 0xffffffff) {
        this.ended = true
        return
      }
    } else {
      if (this.#bit(start.repG0 + state) === 0) {
        if (this.#bit(start.rep0Long + (state << 4) + place) === 0) {
          this.#state = state < 7 ? 9 : 11
          return this.#copy(1, limit)
        }
      } else this.#swapDistances(state)
      length = this.#length(startRepLength, place)
      this.#state = state < 7 ? 8 : 11
    }
    this.#copy(length, limit)
  }

  #swapDistances(state: number): void {
    let distance = this.#rep1
    if (this.#bit(start.repG1 + state) === 1) {
      if (this.#bit(start.repG2 + state) === 0) distance = this.#rep2
      else {
        distance = this.#rep3
        this.#rep3 = this.#rep2
      }
      this.#rep2 = this.#rep1
    }
    this.#rep1 = this.#rep0
    this.#rep0 = distance
  }

  #literal(): void {
    const previous = this.#filled > 0 ? (this.#room[this.#end - 1] ?? 0) : 0
    const context = ((this.#written & this.#literalMask) << this.#lc) + (previous >> (8 - this.#lc))
    const base = startLiteral + 0x300 * context
    let symbol = 1
    if (this.#state >= 7) {
      let match = (this.#room[this.#end - this.#rep0 - 1] ?? 0) << 1
      let offset = 0x100
      while (symbol < 0x100) {
        const matchBit = match & offset
        match <<= 1
        const bit = this.#bit(base + offset + matchBit + symbol)
        symbol = (symbol << 1) | bit
        offset &= bit === 1 ? matchBit : ~matchBit
      }
    } else while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(base + symbol)
    this.#room[this.#end] = symbol & 0xff
    this.#advance(1)
    const state = this.#state
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
  }

  #length(base: number, place: number): number {
    if (this.#bit(base) === 0) return 2 + this.#tree(base + 2 + place * 8, 3)
    if (this.#bit(base + 1) === 0) return 10 + this.#tree(base + 130 + place * 8, 3)
    return 18 + this.#tree(base + 258, 8)
  }

  #distance(length: number): number {
    const slot = this.#tree(startSlot + Math.min(length - 2, 3) * 64, 6)
    if (slot < 4) return slot
    const extra = (slot >> 1) - 1
    const top = ((2 | (slot & 1)) << extra) >>> 0
    if (slot < 14) return top + this.#reverseTree(startSpecial + top - slot, extra)
    return top + this.#direct(extra - 4) * 16 + this.#reverseTree(startAlign, 4)
  }

  #copy(length: number, limit: number): void {
    const room = this.#room
    const from = this.#end - this.#rep0 - 1
    if (
      this.#rep0 >= this.#filled ||
      this.#rep0 >= this.#dictionarySize ||
      this.#end + length > limit + longestMatch
    )
      throw damaged()
    for (let i = 0; i < length; i++) room[this.#end + i] = room[from + i] ?? 0
    this.#advance(length)
  }

  #tree(base: number, count: number): number {
    let symbol = 1
    for (let i = 0; i < count; i++) symbol = (symbol << 1) | this.#bit(base + symbol)
    return symbol - (1 << count)
  }

  #reverseTree(base: number, count: number): number {
    let symbol = 1
    let value = 0
    for (let i = 0; i < count; i++) {
      const bit = this.#bit(base + symbol)
      symbol = (symbol << 1) | bit
      value |= bit << i
    }
    return value
  }

  #direct(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1
      const bit = this.#code >>> 0 >= this.#range ? 1 : 0
      if (bit === 1) this.#code = (this.#code - this.#range) >>> 0
      value = value * 2 + bit
      this.#refill()
    }
    return value
  }

  #bit(index: number): number {
    const chance = this.#bits[index] ?? even
    const bound = (this.#range >>> 11) * chance
    let bit = 0
    if (this.#code < bound) {
      this.#range = bound
      this.#bits[index] = chance + ((2048 - chance) >> 5)
    } else {
      this.#range -= bound
      this.#code -= bound
      this.#bits[index] = chance - (chance >> 5)
      bit = 1
    }
    this.#refill()
    return bit
  }

  #refill(): void {
    if (this.#range >= 0x1000000) return
    this.#range = (this.#range << 8) >>> 0
    this.#code = ((this.#code << 8) | (this.#input[this.#at] ?? 0)) >>> 0
    this.#at++
  }
}

function damaged(): Error {
  return new Error('LZMA data is damaged')
}
