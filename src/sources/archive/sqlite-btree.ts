/** The pages of a SQLite file as trees: every record of one, with the pieces that stand on overflow pages put together. */
import type { RandomAccess } from './random-access.ts'

/** Longer rows are cut; the rest of them is scanned where it stands in the file. */
const longestRow = 16 * 1024 * 1024

export interface StoredRecord {
  payload: Buffer
  /** Where its bytes stand in the file. */
  spans: readonly [start: number, end: number][]
}

const kind = { innerIndex: 2, innerTable: 5, leafIndex: 10, leafTable: 13 } as const

export class BtreeReader {
  readonly #access: RandomAccess
  readonly #pageSize: number
  /** Without what extensions reserve at the end of each page. */
  readonly #usable: number
  readonly #pageCount: number

  /** @param head the first 100 bytes */
  constructor(access: RandomAccess, head: Buffer) {
    const stated = head.readUInt16BE(16)
    this.#pageSize = stated === 1 ? 65_536 : stated
    this.#usable = this.#pageSize - head.readUInt8(20)
    const power = (this.#pageSize & (this.#pageSize - 1)) === 0
    if (this.#pageSize < 512 || !power || this.#usable < 480) throw damaged()
    this.#access = access
    this.#pageCount = Math.ceil(access.size / this.#pageSize)
  }

  /** All records of the tree that begins at this page, which is 1 or higher. Each page is visited once. */
  async *records(root: number): AsyncGenerator<StoredRecord> {
    const seen = new Set<number>()
    const waiting = [root]
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (number < 1 || number > this.#pageCount || seen.has(number)) throw damaged()
      seen.add(number)
      const page = await this.#page(number)
      const start = number === 1 ? 100 : 0
      const type = page.readUInt8(start)
      const inner = type === kind.innerIndex || type === kind.innerTable
      if (!inner && type !== kind.leafIndex && type !== kind.leafTable) throw damaged()
      const cells = cellsOf(page, start, inner)
      // The first child is to be the next.
      if (inner)
        waiting.push(page.readUInt32BE(start + 8), ...cells.map((at) => page.readUInt32BE(at)).reverse())
      for (const at of cells) {
        // Rows of tables stand in leaves alone; those of indexes, which `WITHOUT ROWID` tables are, in all pages.
        if (type !== kind.innerTable)
          yield await this.#record(page, number, at + (inner ? 4 : 0), type === kind.leafTable)
      }
    }
  }

  async #page(number: number): Promise<Buffer> {
    const from = (number - 1) * this.#pageSize
    const page = await this.#access.bytes(from, from + this.#pageSize)
    if (page.length < this.#usable) throw damaged()
    // The next reading may use the memory again.
    return Buffer.from(page)
  }

  async #record(page: Buffer, number: number, at: number, inTable: boolean): Promise<StoredRecord> {
    const [length, behindLength] = readVarint(page, at)
    const start = inTable ? readVarint(page, behindLength)[1] : behindLength
    const local = this.#localLength(length, inTable)
    const base = (number - 1) * this.#pageSize
    const spans: [number, number][] = [[base + start, base + start + local]]
    const parts = [page.subarray(start, start + local)]
    if (start + local > this.#usable) throw damaged()
    let gathered = local
    let next = local < length ? page.readUInt32BE(start + local) : 0
    for (let hops = 0; next !== 0 && gathered < Math.min(length, longestRow); hops++) {
      if (next > this.#pageCount || hops > this.#pageCount) throw damaged()
      const overflow = await this.#page(next)
      const size = Math.min(this.#usable - 4, length - gathered)
      const from = (next - 1) * this.#pageSize + 4
      spans.push([from, from + size])
      parts.push(overflow.subarray(4, 4 + size))
      gathered += size
      next = overflow.readUInt32BE(0)
    }
    return { payload: Buffer.concat(parts), spans }
  }

  /** How much of a payload stands on the page of its cell; section 1.6 of the format. */
  #localLength(length: number, inTable: boolean): number {
    const most = inTable ? this.#usable - 35 : Math.floor(((this.#usable - 12) * 64) / 255) - 23
    if (length <= most) return length
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23
    const wanted = least + ((length - least) % (this.#usable - 4))
    return wanted <= most ? wanted : least
  }
}

function cellsOf(page: Buffer, start: number, inner: boolean): number[] {
  const count = page.readUInt16BE(start + 3)
  const from = start + (inner ? 12 : 8)
  if (from + 2 * count > page.length) throw damaged()
  return Array.from({ length: count }, (_, index) => page.readUInt16BE(from + 2 * index))
}

/** A number in sevens of bits, the highest first; the ninth byte counts whole. Answers where it ends, too. */
export function readVarint(bytes: Buffer, at: number): [value: number, end: number] {
  let value = 0
  for (let i = 0; i < 9; i++) {
    const byte = bytes.readUInt8(at + i)
    if (i === 8) return [value * 256 + byte, at + 9]
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return [value, at + i + 1]
  }
  throw damaged()
}

function damaged(): Error {
  return new Error('the database is damaged')
}
