/** Writes entries, uses and programs into the memory of the gate, each distinct one once. */
import type { Step } from './gate-plan.ts'
import * as layout from './wasm/layout.ts'

export interface EntryText {
  text: Buffer
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

/** Memory that grows; addresses are from its start. */
export class GateWriter {
  memory: Buffer = Buffer.alloc(layout.entries + 16 * mostEntries + growth)
  #entries = 0
  #next = layout.entries + 16 * mostEntries
  readonly #placed = new Map<string, number>()

  /** A text by its hash or pair; those with the same key form a chain. */
  entry(map: number, chains: number, key: number, { text, at, kind, uses }: EntryText): void {
    if (++this.#entries >= mostEntries) throw new RangeError('more anchors than the gate can hold')
    const address = layout.entries + 16 * this.#entries
    const textAt = this.place(text)
    this.memory.writeUInt16LE(this.memory.readUInt16LE(chains + 2 * key), address)
    this.memory.writeUInt16LE(text.length, address + 2)
    this.memory.writeUInt16LE(at, address + 4)
    this.memory.writeUInt16LE(kind, address + 6)
    this.memory.writeUInt32LE(textAt, address + 8)
    this.memory.writeUInt32LE(uses, address + 12)
    this.memory.writeUInt16LE(this.#entries, chains + 2 * key)
    this.bit(map, key)
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
    const parts = steps.flatMap((step) => this.#step(step))
    return this.place(Buffer.concat([...parts, Buffer.alloc(8)]))
  }

  #step(step: Step): Buffer[] {
    if (step.kind === 'set') return this.#sets(step.table, step.count)
    if (step.kind === 'ahead')
      return [this.#one(layout.stepAhead, step.within, step.over), this.#one(layout.stepSet, 1, step.until)]
    const { table, tables } = step
    return [
      this.#one(layout.stepTail, tables.length, table),
      ...tables.map((one) => this.#one(layout.stepSet, 1, one)),
    ]
  }

  #sets(table: Uint8Array, count: number): Buffer[] {
    const byte = table.indexOf(1)
    const kind = table.indexOf(1, byte + 1) < 0 ? layout.stepByte : layout.stepSet
    const steps: Buffer[] = []
    for (let rest = count; rest > 0; rest -= 255) {
      const step = this.#one(kind, Math.min(rest, 255), table)
      step[2] = byte
      steps.push(step)
    }
    return steps
  }

  #one(kind: number, count: number, table: Uint8Array): Buffer {
    const step = Buffer.alloc(8)
    step[0] = kind
    if (kind === layout.stepAhead) step.writeUInt16LE(Math.min(count, 0xffff), 2)
    else step[1] = count
    step.writeUInt32LE(this.#set(table), 4)
    return step
  }

  #set(table: Uint8Array): number {
    const bits = Buffer.alloc(32)
    table.forEach((is, byte) => (bits[byte >> 3] = (bits[byte >> 3] ?? 0) | (is << (byte & 7))))
    return this.place(bits)
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
