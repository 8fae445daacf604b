/**
 * Object ids as dense numbers: open addressing over the ids' own bytes, kept as 32-bit words, so that a look-up makes
 * no string and no object. A million ids take some 30 MB. Ids are hashes already; a random seed keeps somebody who
 * ground out ids with equal beginnings from filling one corner of the table.
 */
import { randomInt } from 'node:crypto'

const seed = randomInt(2 ** 32) | 0

export class IdTable {
  /** Bytes of an id: 20 or 32. */
  readonly idLength: number
  /** Ids so far; they are numbered from 0 in the order they came. */
  count = 0
  readonly #width: number
  #words: Int32Array
  /** Number of an id plus one; 0 where free. */
  #slots: Int32Array
  #mask: number

  constructor(idLength: number, expected = 1024) {
    this.idLength = idLength
    this.#width = idLength / 4
    this.#words = new Int32Array(expected * this.#width)
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)))
    this.#slots = new Int32Array(size)
    this.#mask = size - 1
  }

  /** Number of the id at `at` in `source`; -1 where it is not in the table. */
  find(source: Uint8Array, at: number): number {
    const first = word(source, at)
    for (let slot = spread(first) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0 || this.#is(number, first, source, at)) return number
    }
  }

  /** As `find`, but takes the id in where it is new. */
  add(source: Uint8Array, at: number): number {
    const first = word(source, at)
    let slot = spread(first) & this.#mask
    for (; ; slot = (slot + 1) & this.#mask) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0) break
      if (this.#is(number, first, source, at)) return number
    }
    const number = this.count++
    this.#slots[slot] = number + 1
    const start = number * this.#width
    if (start + this.#width > this.#words.length) this.#words = grown(this.#words)
    for (let index = 0; index < this.#width; index++) {
      this.#words[start + index] = word(source, at + 4 * index)
    }
    if (this.count * 2 > this.#slots.length) this.#rehash()
    return number
  }

  /** All ids in the order of their numbers, as words. */
  words(): Int32Array {
    return this.#words.slice(0, this.count * this.#width)
  }

  /** Takes in the words of another table; answers the number here of each number there. */
  take(words: Int32Array): Int32Array {
    const width = this.#width
    const numbers = new Int32Array(words.length / width)
    for (let other = 0; other < numbers.length; other++) {
      const at = other * width
      let slot = spread(words[at] as number) & this.#mask
      let number = -1
      for (; ; slot = (slot + 1) & this.#mask) {
        number = (this.#slots[slot] as number) - 1
        if (number < 0 || this.#isAt(number * width, words, at)) break
      }
      numbers[other] = number < 0 ? this.#insert(slot, words, at) : number
    }
    return numbers
  }

  #isAt(start: number, words: Int32Array, at: number): boolean {
    for (let index = 0; index < this.#width; index++)
      if (this.#words[start + index] !== words[at + index]) return false
    return true
  }

  /** Gives the id at `at` of `words` the next number and the free slot. */
  #insert(slot: number, words: Int32Array, at: number): number {
    const number = this.count++
    this.#slots[slot] = number + 1
    const start = number * this.#width
    if (start + this.#width > this.#words.length) this.#words = grown(this.#words)
    for (let index = 0; index < this.#width; index++) this.#words[start + index] = words[at + index] as number
    if (this.count * 2 > this.#slots.length) this.#rehash()
    return number
  }

  /** Lower hex. */
  hex(number: number): string {
    const bytes = Buffer.allocUnsafe(this.idLength)
    for (let index = 0; index < this.#width; index++) {
      bytes.writeInt32BE(this.#words[number * this.#width + index] as number, 4 * index)
    }
    return bytes.toString('hex')
  }

  /** Order of two ids as bytes: negative, 0 or positive. */
  compare(a: number, b: number): number {
    for (let index = 0; index < this.#width; index++) {
      const left = (this.#words[a * this.#width + index] as number) >>> 0
      const right = (this.#words[b * this.#width + index] as number) >>> 0
      if (left !== right) return left - right
    }
    return 0
  }

  #is(number: number, first: number, source: Uint8Array, at: number): boolean {
    const start = number * this.#width
    if (this.#words[start] !== first) return false
    for (let index = 1; index < this.#width; index++) {
      if (this.#words[start + index] !== word(source, at + 4 * index)) return false
    }
    return true
  }

  #rehash(): void {
    const size = this.#slots.length * 2
    this.#slots = new Int32Array(size)
    this.#mask = size - 1
    for (let number = 0; number < this.count; number++) {
      let slot = spread(this.#words[number * this.#width] as number) & this.#mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[slot] = number + 1
    }
  }
}

function word(source: Uint8Array, at: number): number {
  return (
    ((source[at] as number) << 24) |
    ((source[at + 1] as number) << 16) |
    ((source[at + 2] as number) << 8) |
    (source[at + 3] as number)
  )
}

function spread(first: number): number {
  const mixed = Math.imul(first ^ seed, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

/** A copy with twice the room. */
export function grown<Numbers extends Int32Array | Float64Array | Uint8Array>(numbers: Numbers): Numbers {
  const larger = new (numbers.constructor as new (length: number) => Numbers)(
    Math.max(16, numbers.length * 2),
  )
  larger.set(numbers)
  return larger
}
