/** The inside of a bzip2 block: its Huffman tables, and the move-to-front coded symbols under them. */
import { Truncated } from './byte-reader.ts'

const longestCode = 20
const symbolsPerTable = 50

/** Bits from the highest of each byte down. Throws `Truncated` behind the end. */
export class BitReader {
  readonly #bytes: Buffer
  position: number

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes
    this.position = position
  }

  /** A number of up to 24 bits. */
  read(count: number): number {
    const end = this.position + count
    if (end > this.#bytes.length * 8) throw new Truncated('the stream ends early')
    let at = this.position >>> 3
    let value = (this.#bytes[at] ?? 0) & (0xff >>> (this.position & 7))
    let have = 8 - (this.position & 7)
    while (have < count) {
      value = value * 256 + (this.#bytes[++at] ?? 0)
      have += 8
    }
    this.position = end
    return Math.floor(value / 2 ** (have - count)) % 2 ** count
  }

  bit(): number {
    return this.read(1)
  }

  /** The next 20 bits, zeros behind the end, without taking them. */
  peek20(): number {
    const bytes = this.#bytes
    const at = this.position >>> 3
    const four =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)
    return (four << (this.position & 7)) >>> 12
  }

  advance(count: number): void {
    this.position += count
    if (this.position > this.#bytes.length * 8) throw new Truncated('the stream ends early')
  }
}

interface Table {
  shortest: number
  /** Behind the last code of each length, as the first of 20 bits. */
  ends: Int32Array
  /** What to take from a code of that length to get its place in `order`. */
  bases: Int32Array
  order: Uint16Array
}

/** Writes the bytes before the inverse transform into `symbols`, and answers how many there are. */
export function readBlockSymbols(bits: BitReader, symbols: Uint32Array): number {
  const alphabet = readAlphabet(bits)
  const tableCount = bits.read(3)
  const selectorCount = bits.read(15)
  if (tableCount < 2 || tableCount > 6 || selectorCount === 0) throw damaged()
  const selectors = readSelectors(bits, selectorCount, tableCount)
  const tables = Array.from({ length: tableCount }, () => readTable(bits, alphabet.length + 2))
  return readSymbols(bits, symbols, alphabet, selectors, tables)
}

/** The bytes that occur, in a map of sixteen times sixteen bits. */
function readAlphabet(bits: BitReader): Uint8Array {
  const rows = bits.read(16)
  const used: number[] = []
  for (let row = 0; row < 16; row++) {
    if (((rows >>> (15 - row)) & 1) === 0) continue
    const columns = bits.read(16)
    for (let column = 0; column < 16; column++)
      if ((columns >>> (15 - column)) & 1) used.push(row * 16 + column)
  }
  if (used.length === 0) throw damaged()
  return Uint8Array.from(used)
}

function readSelectors(bits: BitReader, count: number, tables: number): Uint8Array {
  const order = Array.from({ length: tables }, (_, index) => index)
  const selectors = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    let place = 0
    while (bits.bit() === 1) if (++place >= tables) throw damaged()
    const [chosen = 0] = order.splice(place, 1)
    order.unshift(chosen)
    selectors[i] = chosen
  }
  return selectors
}

function readTable(bits: BitReader, symbols: number): Table {
  const lengths = new Uint8Array(symbols)
  let length = bits.read(5)
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (bits.bit() === 1) length += bits.bit() === 0 ? 1 : -1
    if (length < 1 || length > longestCode) throw damaged()
    lengths[symbol] = length
  }
  const ends = new Int32Array(longestCode + 1)
  const bases = new Int32Array(longestCode + 1)
  const order = new Uint16Array(symbols)
  let code = 0
  let place = 0
  for (let size = 1; size <= longestCode; size++) {
    bases[size] = code - place
    for (let symbol = 0; symbol < symbols; symbol++) {
      if (lengths[symbol] !== size) continue
      order[place++] = symbol
      code++
    }
    ends[size] = code << (longestCode - size)
    code *= 2
  }
  return { shortest: Math.min(...lengths), ends, bases, order }
}

function readSymbols(
  bits: BitReader,
  symbols: Uint32Array,
  alphabet: Uint8Array,
  selectors: Uint8Array,
  tables: readonly Table[],
): number {
  const end = alphabet.length + 1
  let count = 0
  let run = 0
  let weight = 1
  for (let group = 0; group < selectors.length; group++) {
    const table = tables[selectors[group] ?? 0]
    if (!table) throw damaged()
    for (let i = 0; i < symbolsPerTable; i++) {
      const symbol = readCode(bits, table)
      if (symbol < 2) {
        // Runs of the front byte are counted in a number of ones and twos.
        run += weight << symbol
        weight *= 2
        if (run > symbols.length) throw damaged()
        continue
      }
      if (run > 0) {
        if (count + run > symbols.length) throw damaged()
        symbols.fill(alphabet[0] ?? 0, count, count + run)
        count += run
        run = 0
        weight = 1
      }
      if (symbol === end) return count
      if (count >= symbols.length) throw damaged()
      const place = symbol - 1
      const byte = alphabet[place] ?? 0
      alphabet.copyWithin(1, 0, place)
      alphabet[0] = byte
      symbols[count++] = byte
    }
  }
  throw damaged()
}

function readCode(bits: BitReader, { shortest, ends, bases, order }: Table): number {
  const next = bits.peek20()
  for (let size = shortest; size <= longestCode; size++) {
    if (next >= (ends[size] ?? 0)) continue
    bits.advance(size)
    const symbol = order[(next >>> (longestCode - size)) - (bases[size] ?? 0)]
    if (symbol === undefined) break
    return symbol
  }
  throw damaged()
}

function damaged(): Error {
  return new Error('a bzip2 block is damaged')
}
