/** Pairs of whole numbers as dense numbers: paths as (parent, name), nodes as (tree, path). */
import { grown } from './id-table.ts'

export class PairTable {
  /** Pairs so far; numbered from 0 in the order they came. */
  count = 0
  #firsts = new Int32Array(1024)
  #seconds = new Int32Array(1024)
  /** Number of a pair plus one; 0 where free. */
  #slots = new Int32Array(4096)

  /** Number of the pair; -1 where it is not in the table. */
  find(first: number, second: number): number {
    const mask = this.#slots.length - 1
    for (let slot = mix(first, second) & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0 || (this.#firsts[number] === first && this.#seconds[number] === second)) return number
    }
  }

  /** Number of the pair; `count` grows where it is new. */
  add(first: number, second: number): number {
    const mask = this.#slots.length - 1
    let slot = mix(first, second) & mask
    for (; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0) break
      if (this.#firsts[number] === first && this.#seconds[number] === second) return number
    }
    const number = this.count++
    if (number === this.#firsts.length) {
      this.#firsts = grown(this.#firsts)
      this.#seconds = grown(this.#seconds)
    }
    this.#firsts[number] = first
    this.#seconds[number] = second
    this.#slots[slot] = number + 1
    if (this.count * 2 > this.#slots.length) this.#rehash()
    return number
  }

  first(number: number): number {
    return this.#firsts[number] as number
  }

  second(number: number): number {
    return this.#seconds[number] as number
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let number = 0; number < this.count; number++) {
      let slot = mix(this.first(number), this.second(number)) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = number + 1
    }
  }
}

function mix(first: number, second: number): number {
  const mixed = Math.imul(first ^ Math.imul(second, 0x85ebca6b), 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}
