/**
 * The prefilter of machines with SIMD: one pass in WebAssembly (`wasm/gate.ts`) over memory the text is copied to.
 * It is compiled by `npm run build`; where the file or SIMD is missing, RE2 does the same more slowly.
 */
import { readFileSync } from 'node:fs'
import { gateTables } from './gate-tables.ts'
import type { Candidates, Prefilter, Wanted } from './prefilter.ts'
import { createRe2Prefilter } from './prefilter.ts'
import { counts, paddingAfter, paddingBefore } from './wasm/layout.ts'

type Gate = (
  input: number,
  length: number,
  runs: boolean,
  anchors: number,
  anchorsEnd: number,
  runsAt: number,
  encodedAt: number,
) => number

const page = 65_536
const space = 0x20
/** Largest text taken; the engine's windows are smaller by far. */
const longest = 256 * 1024 * 1024

/** The fastest prefilter that runs here. */
export function createPrefilter(wanted: Wanted): Prefilter {
  return createGate(wanted) ?? createRe2Prefilter(wanted)
}

/** The WebAssembly prefilter, or null where it cannot run. */
export function createGate(wanted: Wanted): Prefilter | null {
  const module = compileGate()
  if (!module) return null
  const tables = gateTables(wanted)
  const memory = new WebAssembly.Memory({ initial: Math.ceil(tables.length / page) + 4 })
  new Uint8Array(memory.buffer).set(tables)
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } })
  const gate = instance.exports['gate'] as Gate
  const input = tables.length + paddingBefore
  let slow: Prefilter | undefined

  return {
    candidates(bytes) {
      const { length } = bytes
      if (length > longest) return (slow ??= createRe2Prefilter(wanted)).candidates(bytes)
      // As much room as there can be results; what is not written to is not backed by memory.
      const anchorsAt = align(input + length + paddingAfter)
      const anchorsEnd = anchorsAt + 4 * (length + 16)
      const encodedAt = anchorsEnd + align(length) + 64
      const needed = encodedAt + 8 * (Math.ceil(length / 3) + 8)
      if (needed > memory.buffer.byteLength)
        memory.grow(Math.ceil((needed - memory.buffer.byteLength) / page))
      const view = new Uint8Array(memory.buffer)
      view.fill(space, input - paddingBefore, input)
      view.set(bytes, input)
      view.fill(space, input + length, input + length + paddingAfter)
      if (gate(input, length, wanted.runs, anchorsAt, anchorsEnd, anchorsEnd, encodedAt) === 0)
        return (slow ??= createRe2Prefilter(wanted)).candidates(bytes)
      return results(memory.buffer, anchorsAt, anchorsEnd, encodedAt)
    },
  }
}

function results(buffer: ArrayBuffer, anchorsAt: number, runsAt: number, encodedAt: number): Candidates {
  const [anchors = 0, runs = 0, encoded = 0] = new Uint32Array(buffer, counts, 3)
  return {
    anchors: ascending(new Uint32Array(buffer, anchorsAt, anchors).slice()),
    runs: new Uint32Array(buffer, runsAt, runs).slice(),
    encoded: new Uint32Array(buffer, encodedAt, encoded).slice(),
  }
}

/** Sorted, each once: places after escapes and pairs inside of words come in between. */
function ascending(positions: Uint32Array): Uint32Array {
  positions.sort()
  let kept = 0
  for (const position of positions)
    if (kept === 0 || positions[kept - 1] !== position) positions[kept++] = position
  return positions.subarray(0, kept)
}

function align(size: number): number {
  return (size + 15) & ~15
}

function abort(): never {
  throw new Error('the gate gave up')
}

let compiled: WebAssembly.Module | null | undefined

/** Compiled at first use and once. */
function compileGate(): WebAssembly.Module | null {
  if (compiled === undefined) compiled = readGate()
  return compiled
}

function readGate(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(readFileSync(new URL('./wasm/gate.wasm', import.meta.url)))
  } catch {
    return null
  }
}
