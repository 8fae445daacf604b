/**
 * The prefilter of machines with SIMD: one pass in WebAssembly (`wasm/gate.ts`) over memory the text is copied to, or
 * was read into. It is compiled by `npm run build`; where the file or SIMD is missing, RE2 does the same more slowly.
 */
import { compileGate } from './gate-module.ts'
import type { Candidates, Prefilter, Wanted } from './prefilter.ts'
import { createRe2Prefilter } from './re2-prefilter.ts'
import { tablesFor } from './ready-tables.ts'
import { counts, paddingAfter, paddingBefore } from './wasm/layout.ts'

type Gate = (input: number, length: number, found: number, foundEnd: number, encoded: number) => number
type Configure = (before: number, behind: number, leads: number, freeUses: number) => void

const page = 65_536
/** Largest text taken; the engine's windows are smaller by far. */
const longest = 256 * 1024 * 1024

/** The fastest prefilter that runs here. */
export function createPrefilter(wanted: Wanted): Prefilter {
  return createGate(wanted) ?? createRe2Prefilter(wanted)
}

/** The WebAssembly prefilter, or null where it cannot run. */
export function createGate(wanted: Wanted, module = compileGate()): Prefilter | null {
  if (!module) return null
  const tables = tablesFor(wanted)
  const memory = new WebAssembly.Memory({ initial: Math.ceil(tables.length / page) + 4 })
  tables.write(new Uint8Array(memory.buffer))
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } })
  const gate = instance.exports['gate'] as Gate
  const countLines = instance.exports['countLines'] as (start: number, end: number) => number
  const configure = instance.exports['configure'] as Configure
  configure(tables.wordsBefore, tables.wordsBehind, tables.leads, tables.freeUses)
  const input = tables.length + paddingBefore
  let view = viewOf(memory)
  let slow: Prefilter | undefined
  let last: Prefilter | undefined

  /** As much room as there can be results; what is not written to is not backed by memory. */
  function regions(length: number): { finds: number; encoded: number } {
    const finds = align(input + length + paddingAfter)
    const encoded = finds + 8 * (length + 4096)
    const needed = encoded + 8 * (Math.ceil(length / 3) + 8)
    if (needed > memory.buffer.byteLength) {
      memory.grow(Math.ceil((needed - memory.buffer.byteLength) / page))
      view = viewOf(memory)
    }
    return { finds, encoded }
  }

  function bySlow(bytes: Buffer): Candidates {
    last = slow ??= createRe2Prefilter(wanted)
    return last.candidates(bytes)
  }

  return {
    candidates(bytes) {
      const { length } = bytes
      if (length > longest) return bySlow(bytes)
      last = undefined
      const lent = bytes.buffer === memory.buffer && bytes.byteOffset === input
      const { finds, encoded } = regions(length)
      if (!lent) view.bytes.set(bytes, input)
      if (gate(input, length, finds, encoded, encoded) === 0) return bySlow(bytes)
      const [found = 0, stretches = 0] = [view.words[counts >> 2], view.words[(counts >> 2) + 1]]
      return { finds: taken(view.words, finds, 2 * found), encoded: taken(view.words, encoded, stretches) }
    },
    lend(length) {
      if (length > longest) return null
      regions(length)
      return Buffer.from(memory.buffer, input, length)
    },
    countLines: (start, end) => (last ? last.countLines(start, end) : countLines(input + start, input + end)),
  }
}

interface View {
  bytes: Uint8Array
  words: Uint32Array
}

/** Views of all memory, which its next growth makes useless. */
function viewOf({ buffer }: WebAssembly.Memory): View {
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) }
}

/** A copy of so many words at an address. */
function taken(words: Uint32Array, address: number, count: number): Uint32Array {
  return count === 0 ? none : words.slice(address >> 2, (address >> 2) + count)
}

const none = new Uint32Array(0)

function align(size: number): number {
  return (size + 15) & ~15
}

function abort(): never {
  throw new Error('the gate gave up')
}
