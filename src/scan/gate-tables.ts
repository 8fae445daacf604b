/**
 * The tables of the gate: anchors that begin words by a hash of their first bytes, others by a pair of bytes that is
 * rare in text, and what single bytes may be part of. Laid out as `wasm/layout.ts` says.
 */
import { byteClass } from './byte-class.ts'
import type { Wanted } from './prefilter.ts'
import * as layout from './wasm/layout.ts'

const groups = 8

/** The memory of the gate up to where the text goes. */
export function gateTables({ starting, anywhere }: Wanted): Uint8Array {
  const texts = [...starting, ...anywhere].map((anchor) => Buffer.from(anchor))
  const textsLength = texts.reduce((sum, { length }) => sum + length, 0)
  // A short anchor has an entry for each byte that may follow it.
  const count = 2 + texts.reduce((sum, { length }) => sum + (length < 3 ? 256 : 1), 256)
  const textsAt = layout.entries + 16 * count
  const memory = Buffer.alloc((textsAt + textsLength + 16 + 63) & ~63)
  const write = entryWriter(memory, textsAt)

  for (const anchor of starting) addStarting(memory, write, Buffer.from(anchor), layout.anchorKind)
  addStarting(memory, write, Buffer.from('3D'), layout.escapeKind)
  addAnywhere(
    memory,
    write,
    anywhere.map((anchor) => Buffer.from(anchor)),
  )
  memory.set(byteBits(), layout.byteTable)
  return memory
}

type EntryWriter = (map: number, chains: number, key: number, text: Buffer, at: number, kind: number) => void

function entryWriter(memory: Buffer, textsAt: number): EntryWriter {
  let entry = 0
  let nextText = textsAt
  const placed = new Map<string, number>()
  const place = (text: Buffer) => {
    const name = text.toString('latin1')
    const known = placed.get(name)
    if (known !== undefined) return known
    const at = nextText
    text.copy(memory, at)
    placed.set(name, at)
    nextText += text.length
    return at
  }
  return (map, chains, key, text, at, kind) => {
    if (++entry > 0xffff) throw new RangeError('more anchors than the gate can hold')
    const address = layout.entries + 16 * entry
    memory.writeUInt16LE(memory.readUInt16LE(chains + 2 * key), address)
    memory.writeUInt16LE(text.length, address + 2)
    memory.writeUInt16LE(at, address + 4)
    memory.writeUInt16LE(kind, address + 6)
    memory.writeUInt32LE(place(text), address + 8)
    memory.writeUInt16LE(entry, chains + 2 * key)
    setBit(memory, map, key)
  }
}

function addStarting(memory: Buffer, write: EntryWriter, text: Buffer, kind: number): void {
  if (text.length >= 4) {
    setBit(memory, layout.startMap, hash((text.readUInt32LE(0) << 8) >>> 0))
    write(layout.longMap, layout.longChains, hash(text.readUInt32LE(0)), text, 0, kind)
    return
  }
  const ends = text.length === 3 ? [text[2] ?? 0] : Array.from({ length: 256 }, (_, byte) => byte)
  for (const end of ends) {
    const three = text.readUInt16LE(0) | (end << 16)
    setBit(memory, layout.startMap, hash((three << 8) >>> 0))
    write(layout.shortMap, layout.shortChains, hash((three << 8) >>> 0), text, 0, kind)
  }
}

/** The hash of `tryStart`. */
function hash(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 16
}

function addAnywhere(memory: Buffer, write: EntryWriter, texts: readonly Buffer[]): void {
  const met = texts.map((text) => ({ text, at: rarestPair(text) }))
  for (const { text, at } of met)
    write(layout.pairMap, layout.pairChains, text.readUInt16LE(at), text, at, layout.anchorKind)
  for (const [i, group] of groupPairs(met.map(({ text, at }) => text.subarray(at, at + 3))).entries()) {
    for (const part of group) {
      for (let table = 0; table < 6; table++) {
        const byte = part[table >> 1]
        for (let half = 0; half < 16; half++) {
          // Behind an anchor of two bytes anything may stand.
          if (byte !== undefined && half !== (table % 2 === 0 ? byte & 15 : byte >> 4)) continue
          const at = layout.pairTables + 16 * table + half
          memory[at] = (memory[at] ?? 0) | (1 << i)
        }
      }
    }
  }
}

/** Where the pair of bytes begins that is met least in text and code, with one more behind it where there is one. */
function rarestPair(text: Buffer): number {
  let best = 0
  for (let at = 1; at + 2 < text.length; at++) if (share(text, at) < share(text, best)) best = at
  return best
}

function share(text: Buffer, at: number): number {
  return [0, 1, 2].reduce((product, i) => product * (shares[text[at + i] ?? 0] ?? 0), 1)
}

const shares = Array.from({ length: 256 }, (_, byte) => byteShare(byte))

/** How often a byte is met in text and code, in thousandths, roughly. */
function byteShare(byte: number): number {
  const sign = String.fromCharCode(byte)
  if (/[eatoinsr ]/.test(sign)) return 55
  if (/[bcdfghlmpu]/.test(sign)) return 20
  if (/[jkqvwxyz"'.,;:()/=_\n-]/.test(sign)) return 8
  if (/[0-9A-Z]/.test(sign)) return 3
  return 1
}

/** Eight groups: each pair, the commonest first, joins the group that then lets least more through. */
function groupPairs(pairs: readonly Buffer[]): Buffer[][] {
  const made: Buffer[][] = Array.from({ length: groups }, () => [])
  for (const pair of pairs.toSorted((a, b) => share(b, 0) - share(a, 0))) {
    const costs = made.map((group) => passed([...group, pair]) - passed(group))
    made[costs.indexOf(Math.min(...costs))]?.push(pair)
  }
  return made
}

/** How much of a text passes a group: halves of bytes are looked at apart, so that more pass than are in it. */
function passed(group: readonly Buffer[]): number {
  if (group.length === 0) return 0
  return [0, 1, 2].reduce((product, at) => product * passedAt(group.map((part) => part[at] ?? 0)), 1)
}

function passedAt(bytes: readonly number[]): number {
  let sum = 0
  for (const high of new Set(bytes.map((byte) => byte >> 4)))
    for (const low of new Set(bytes.map((byte) => byte & 15))) sum += shares[(high << 4) | low] ?? 0
  return sum
}

function setBit(memory: Buffer, map: number, key: number): void {
  const at = map + (key >> 3)
  memory[at] = (memory[at] ?? 0) | (1 << (key & 7))
}

function byteBits(): Uint8Array {
  const table = new Uint8Array(256)
  const sets: [number, string][] = [
    [layout.quadFirst, 'A-Za-f'],
    [layout.quadSecond, 'A-HQ-Xg-nw-z0-3'],
    [layout.quadThird, 'ABEFIJMNQRUVYZcdghklopstwx014589'],
    [layout.tokenBit, 'A-Za-z0-9_+/-'],
    [layout.hexBit, '0-9A-Fa-f'],
    [layout.highBit, '2-7'],
    [layout.printableBit, '\t\n\r -~'],
    [layout.digitBit, '0-9'],
  ]
  for (const [bit, spec] of sets)
    byteClass(spec).forEach((is, byte) => (table[byte] = (table[byte] ?? 0) | (is * bit)))
  return table
}
