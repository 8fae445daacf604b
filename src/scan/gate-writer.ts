/** Writes entries, uses and programs into the memory of the gate, each distinct one once. */
import type { Step } from './gate-plan.ts'
import * as layout from './wasm/layout.ts'

export interface EntryText {
  /** Length of the text, and its address. */
  length: number
  textAt: number
  /** Where in the text the pair of bytes stands by which it is met. */
  at: number
  kind: number
  /** Address of the uses. */
  uses: number
}

export interface UseRecord {
  number: number
  back: number
  /** Address of the program. */
  program: number
  before: number
  behind: number
}

const mostEntries = 0x4000
const growth = 0x40000

/** As `wasm/bound.ts` numbers them. */
const boundKinds = { password: 1, secret: 2, token: 3 } as const

/** Memory that grows; addresses are from its start. */
export class GateWriter {
  memory: Buffer = Buffer.alloc(layout.entries + 16 * mostEntries + growth)
  #entries = 0
  #next = layout.entries + 16 * mostEntries
  readonly #placed = new Map<string, number>()
  // Most are asked for many times, and equal ones are the same object.
  readonly #programs = new Map<readonly Step[], number>()
  readonly #setsAt = new Map<Uint8Array, number>()
  /** The program being written. */
  #program = Buffer.alloc(2048)
  #written = 0

  /** A text by a hash for which there is a bit of the map as well. */
  entry(map: number, chains: number, key: number, text: EntryText): void {
    this.chain(chains, key, text)
    this.bit(map, key)
  }

  /** A text by its hash; those with the same one form a chain. */
  chain(chains: number, key: number, { length, textAt, at, kind, uses }: EntryText): void {
    if (++this.#entries >= mostEntries) throw new RangeError('more anchors than the gate can hold')
    const address = layout.entries + 16 * this.#entries
    this.memory.writeUInt16LE(this.memory.readUInt16LE(chains + 2 * key), address)
    this.memory.writeUInt16LE(length, address + 2)
    this.memory.writeUInt16LE(at, address + 4)
    this.memory.writeUInt16LE(kind, address + 6)
    this.memory.writeUInt32LE(textAt, address + 8)
    this.memory.writeUInt32LE(uses, address + 12)
    this.memory.writeUInt16LE(this.#entries, chains + 2 * key)
  }

  bit(map: number, key: number): void {
    const at = map + (key >> 3)
    this.memory[at] = (this.memory[at] ?? 0) | (1 << (key & 7))
  }

  uses(records: readonly UseRecord[]): number {
    const bytes = Buffer.alloc((records.length + 1) * layout.useSize)
    records.forEach(({ number, back, program, before, behind }, i) => {
      const at = i * layout.useSize
      bytes.writeUInt16LE(number, at)
      bytes.writeUInt16LE(back, at + 2)
      bytes.writeUInt32LE(program, at + 4)
      bytes.writeUInt32LE(before, at + 8)
      bytes.writeUInt32LE(behind, at + 12)
    })
    bytes.writeUInt16LE(layout.lastUse, records.length * layout.useSize)
    return this.place(bytes)
  }

  program(steps: readonly Step[]): number {
    const known = this.#programs.get(steps)
    if (known !== undefined) return known
    this.#written = 0
    for (const step of steps) this.#step(step)
    this.#write(layout.stepEnd, 0, 0, 0)
    const at = this.place(this.#program.subarray(0, this.#written))
    this.#programs.set(steps, at)
    return at
  }

  #step(step: Step): void {
    if (step.kind === 'set') this.#sets(step.table, step.count)
    else if (step.kind === 'ahead') {
      this.#write(layout.stepAhead, 0, Math.min(step.within, 0xffff), this.#set(step.over))
      this.#write(layout.stepSet, 1, 0, this.#set(step.until))
    } else if (step.kind === 'bound') this.#write(layout.stepBound, boundKinds[step.secret], 0, 0)
    else {
      this.#write(layout.stepTail, step.tables.length, 0, this.#set(step.table))
      for (const table of step.tables) this.#write(layout.stepSet, 1, 0, this.#set(table))
    }
  }

  #sets(table: Uint8Array, count: number): void {
    const byte = table.indexOf(1)
    const kind = table.indexOf(1, byte + 1) < 0 ? layout.stepByte : layout.stepSet
    for (let rest = count; rest > 0; rest -= 255)
      this.#write(kind, Math.min(rest, 255), byte & 255, this.#set(table))
  }

  #write(kind: number, count: number, more: number, address: number): void {
    if (this.#written + 8 > this.#program.length)
      this.#program = Buffer.concat([this.#program, Buffer.alloc(this.#program.length)])
    this.#program[this.#written] = kind
    this.#program[this.#written + 1] = count
    this.#program.writeUInt16LE(more, this.#written + 2)
    this.#program.writeUInt32LE(address, this.#written + 4)
    this.#written += 8
  }

  #set(table: Uint8Array): number {
    const known = this.#setsAt.get(table)
    if (known !== undefined) return known
    const bits = Buffer.alloc(32)
    for (let byte = 0; byte < 256; byte++)
      if (table[byte] === 1) bits[byte >> 3] = (bits[byte >> 3] ?? 0) | (1 << (byte & 7))
    const at = this.place(bits)
    this.#setsAt.set(table, at)
    return at
  }

  /** The address of these bytes. */
  place(bytes: Buffer): number {
    const name = bytes.toString('latin1')
    const known = this.#placed.get(name)
    if (known !== undefined) return known
    const at = this.#next
    this.#next += (bytes.length + 7) & ~7
    if (this.#next > this.memory.length)
      this.memory = Buffer.concat([this.memory, Buffer.alloc(growth + bytes.length)])
    bytes.copy(this.memory, at)
    this.#placed.set(name, at)
    return at
  }

  finish(): Buffer {
    return this.memory.subarray(0, (this.#next + 63) & ~63)
  }
}
