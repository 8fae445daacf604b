/** Names of tree entries, any bytes but NUL and `/`, as dense numbers; each is kept once. */
import { randomInt } from 'node:crypto'
import { grown } from './id-table.ts'

/** Random, so that nobody can make names that all land in one place. */
const seed = randomInt(2 ** 32) | 0

export class NameTable {
  #count = 0
  #bytes = Buffer.allocUnsafe(64 * 1024)
  /** Where each name begins in `#bytes`; one more than there are names. */
  #starts: Int32Array = new Int32Array(1024)
  /** Number of a name plus one; 0 where free. */
  #slots = new Int32Array(4096)

  /** Number of the name between two offsets. */
  add(source: Uint8Array, start: number, end: number): number {
    let slot = hash(source, start, end) & (this.#slots.length - 1)
    for (; ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0) break
      if (this.#is(number, source, start, end)) return number
    }
    return this.#insert(slot, source, start, end)
  }

  /** A view, not to be changed. */
  bytes(number: number): Buffer {
    return this.#bytes.subarray(this.#starts[number], this.#starts[number + 1])
  }

  /** All names in the order of their numbers, and where each begins. */
  all(): { bytes: Uint8Array; starts: Int32Array } {
    const starts = this.#starts.slice(0, this.#count + 1)
    return { bytes: Uint8Array.from(this.#bytes.subarray(0, starts.at(-1))), starts }
  }

  /** Takes in the names of another table; answers the number here of each number there. */
  take({ bytes, starts }: { bytes: Uint8Array; starts: Int32Array }): Int32Array {
    return Int32Array.from({ length: starts.length - 1 }, (_, other) =>
      this.add(bytes, starts[other] as number, starts[other + 1] as number),
    )
  }

  #insert(slot: number, source: Uint8Array, start: number, end: number): number {
    const number = this.#count++
    const from = this.#starts[number] as number
    const to = from + end - start
    while (to > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    if (number + 1 === this.#starts.length) this.#starts = grown(this.#starts)
    for (let at = start; at < end; at++) this.#bytes[from + at - start] = source[at] as number
    this.#starts[number + 1] = to
    this.#slots[slot] = number + 1
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return number
  }

  #is(number: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number] as number
    if ((this.#starts[number + 1] as number) - from !== end - start) return false
    for (let at = start; at < end; at++) if (this.#bytes[from + at - start] !== source[at]) return false
    return true
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let number = 0; number < this.#count; number++) {
      const start = this.#starts[number] as number
      let slot = hash(this.#bytes, start, this.#starts[number + 1] as number) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = number + 1
    }
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = seed
  for (let at = start; at < end; at++) value = Math.imul(value ^ (bytes[at] as number), 0x01000193)
  return value ^ (value >>> 15)
}
