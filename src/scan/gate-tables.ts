/**
 * The memory of the gate before the text: anchors by hashes of their first bytes or by a pair of bytes that is rare in
 * text, words of contexts likewise, shapes of values, programs of detectors. Laid out as `wasm/layout.ts` says.
 */
import { base64Values, byteBits, hexHalves, kindHalves, quadHalves, splatBytes } from './gate-bytes.ts'
import { chooseFours, fillPairTables } from './gate-pairs.ts'
import type { GatePlan, PlannedAnchor, PlannedValue, Use } from './gate-plan.ts'
import { GateWriter } from './gate-writer.ts'
import * as layout from './wasm/layout.ts'

export interface GateTables {
  memory: Uint8Array
  /** What `configure` of the gate is to be told. */
  wordsBefore: number
  wordsBehind: number
  leads: number
  freeUses: number
}

const mostLeads = 32
const longestWord = 32
const mostLengths = 128

/** Tables for this plan. */
export function gateTables(plan: GatePlan): GateTables {
  const writer = new GateWriter()
  for (const anchor of plan.anchors) if (anchor.path === 'starting') addStarting(writer, anchor)
  addText(writer, Buffer.from('3D'), layout.escapeKind, 0)
  const met = plan.anchors.filter(({ path }) => path !== 'starting')
  addMet(writer, met)
  const words = addWords(writer, plan.values)
  fillSets(writer, layout.wordTables, layout.wordSets, words, wordBounds)
  const leads = addLeads(writer.memory, plan.values)
  writer.memory.set(byteBits(), layout.byteTable)
  writer.memory.set(base64Values(), layout.base64Values)
  writer.memory.set(kindHalves, layout.kindTables)
  writer.memory.set(hexHalves, layout.hexTables)
  writer.memory.set(quadHalves, layout.quadTables)
  for (const [i, byte] of splatBytes.entries())
    writer.memory.fill(byte, layout.splats + 16 * i, layout.splats + 16 * (i + 1))
  const free = plan.values.filter((value) => value.words.length === 0)
  const freeUses = writer.uses(free.map((value) => useOf(value, writer)))
  return {
    memory: writer.finish(),
    wordsBefore: Math.max(0, ...plan.values.map(({ within }) => within)) + longestWord,
    wordsBehind: Math.max(0, ...plan.values.map(({ within, beyond }) => within + beyond)) + longestWord,
    leads,
    freeUses,
  }
}

function addStarting(writer: GateWriter, { text, uses }: PlannedAnchor): void {
  addText(writer, Buffer.from(text), layout.anchorKind, usesOf(uses, writer))
}

/** The address of the uses of an anchor; how far words may be is said of values alone. */
function usesOf(uses: readonly Use[], writer: GateWriter): number {
  const records = uses.map(({ number, back, steps }) => ({
    number,
    back,
    program: writer.program(steps),
    before: 0,
    behind: 0,
  }))
  return writer.uses(records)
}

function addText(writer: GateWriter, text: Buffer, kind: number, uses: number): void {
  const entry = { length: text.length, textAt: writer.place(text), at: 0, kind, uses }
  if (text.length >= 4) {
    writer.bit(layout.startMap, hash((text.readUInt32LE(0) << 8) >>> 0))
    writer.entry(layout.longMap, layout.longChains, hash(text.readUInt32LE(0)), entry)
    return
  }
  // A short anchor has an entry for each byte that may follow it.
  const ends = text.length === 3 ? [text[2] ?? 0] : Array.from({ length: 256 }, (_, byte) => byte)
  for (const end of ends) {
    const key = hash(((text.readUInt16LE(0) | (end << 16)) << 8) >>> 0)
    writer.bit(layout.startMap, key)
    writer.entry(layout.shortMap, layout.shortChains, key, entry)
  }
}

/** The hash of `tryStart`. */
function hash(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 16
}

/** Anchors that do not begin words, under the hashes of bytes as they are written. */
function addMet(writer: GateWriter, anchors: readonly PlannedAnchor[]): void {
  for (const path of ['anywhere', 'inside'] as const) {
    const here = anchors.filter((anchor) => anchor.path === path)
    const places = chooseFours(here.map(({ text }) => smallOf(Buffer.from(text))))
    const fours = here.map(({ text, uses }, i) =>
      addAnchor(writer, Buffer.from(text), places[i] ?? 0, usesOf(uses, writer)),
    )
    if (path === 'inside') fillPairTables(writer.memory, layout.insideTables, fours)
    else fillSets(writer, layout.pairTables, layout.pairSets, fours, anchorBounds)
  }
}

/**
 * Up to so many different fours one set more is not worth its time: a set takes 0.12 to 0.17 ns a byte, what it no longer
 * lets through would take as long. Measured on text and code.
 */
const wordBounds = [100]
const anchorBounds = [60, 220, 300]

/** One set of tables, and one more for each of `bounds` that the fours are more than. */
function fillSets(
  writer: GateWriter,
  tablesAt: number,
  setsAt: number,
  fours: readonly Buffer[],
  bounds: readonly number[],
): void {
  const { size } = new Set(fours.map((four) => four.toString('latin1')))
  const sets = 1 + bounds.filter((bound) => size > bound).length
  fillPairTables(writer.memory, tablesAt, fours, sets)
  writer.memory.writeUInt32LE(sets, setsAt)
}

/** An anchor by the four bytes from a place on, which are answered with letters small. */
function addAnchor(writer: GateWriter, text: Buffer, at: number, uses: number): Buffer {
  const small = smallOf(text)
  const four = text.subarray(at, at + 4)
  chain(writer, layout.pairChains, four, false, { text, at, uses })
  if (four.length < 4) writer.bit(layout.twoMap, four.readUInt16LE(0))
  else writer.bit(layout.pairMap, hash(four.readUInt32LE(0)))
  return small.subarray(at, at + 4)
}

/** A word of a context, in lower case, by the four bytes from a place on, which are answered. */
function addWord(writer: GateWriter, text: Buffer, at: number, uses: number): Buffer {
  const four = smallOf(text).subarray(at, at + 4)
  chain(writer, layout.wordChains, four, true, { text, at, uses })
  for (const fourth of bytesAt(four, 3, true))
    writer.bit(layout.wordMap, hash((four.readUIntLE(0, 3) | (fourth << 24)) >>> 0))
  return four
}

/** With one bit set, which makes letters small. */
function smallOf(text: Buffer): Buffer {
  return Buffer.from(text.map((byte) => byte | 0x20))
}

/** A text under the hash of the first three of four of its bytes. */
function chain(
  writer: GateWriter,
  chains: number,
  four: Buffer,
  small: boolean,
  { text, at, uses }: { text: Buffer; at: number; uses: number },
): void {
  const entry = { length: text.length, textAt: writer.place(text), at, kind: layout.anchorKind, uses }
  for (const third of bytesAt(four, 2, small))
    writer.chain(chains, hash(((four.readUInt16LE(0) | (third << 16)) << 8) >>> 0), entry)
}

/** What may stand at this place of a text; behind its end that is anything. */
function bytesAt(text: Buffer, at: number, small: boolean): Iterable<number> {
  const byte = text[at]
  if (byte !== undefined) return [byte]
  return new Set(Array.from({ length: 256 }, (_, any) => (small ? any | 0x20 : any)))
}

/** The words of all values, met in lower case. Answers their rare bytes. */
function addWords(writer: GateWriter, values: readonly PlannedValue[]): Buffer[] {
  const byWord = new Map<string, PlannedValue[]>()
  for (const value of values)
    for (const word of value.words) byWord.set(word, [...(byWord.get(word) ?? []), value])
  const places = chooseFours([...byWord.keys()].map((word) => smallOf(Buffer.from(word))))
  return [...byWord].map(([word, beside], i) => {
    const uses = writer.uses(beside.map((value) => useOf(value, writer)))
    return addWord(writer, Buffer.from(word), places[i] ?? 0, uses)
  })
}

function useOf({ number, steps, within, behind }: PlannedValue, writer: GateWriter) {
  return { number, back: 0, program: writer.program(steps), before: within, behind }
}

/** Which lengths of which sets a value may begin with. Answers the bits of all sets. */
function addLeads(memory: Buffer, values: readonly PlannedValue[]): number {
  const numbers = new Map<Uint8Array, number>()
  for (const { lead, length, exact } of values) {
    const number = numbers.get(lead) ?? numbers.size
    if (number >= mostLeads) throw new RangeError('values of more than 32 kinds of characters')
    if (!numbers.has(lead)) {
      numbers.set(lead, number)
      lead.forEach((is, byte) => {
        const at = layout.leadBits + 4 * byte
        if (is === 1) memory.writeUInt32LE((memory.readUInt32LE(at) | (1 << number)) >>> 0, at)
      })
    }
    const longest = exact ? Math.min(length, mostLengths - 1) : mostLengths - 1
    for (let count = Math.min(length, mostLengths - 1); count <= longest; count++) {
      const at = layout.leadLengths + 16 * number + (count >> 3)
      memory[at] = (memory[at] ?? 0) | (1 << (count & 7))
    }
  }
  return 2 ** numbers.size - 1
}
