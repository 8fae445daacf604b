/**
 * The tables of the gate as `npm run build` left them for the built-in detectors (`scripts/build-tables.mjs`): working them
 * out takes longer than scanning a small folder. Tables of other detectors, and all of a run from source, are worked out.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { type GateTables, gateTables } from './gate-tables.ts'
import type { Wanted } from './prefilter.ts'

/** Tables that are still to be put where the gate looks for them. */
export interface ReadyTables extends Omit<GateTables, 'memory'> {
  /** Bytes of the memory of `GateTables`. */
  length: number
  /** Fills the first `length` bytes of a memory that holds nothing yet. */
  write(memory: Uint8Array): void
}

/** In the file such a line of JSON comes first, filled up with spaces, then the memory. */
interface Heading extends Omit<ReadyTables, 'write'> {
  detectors: string
}
const headingLength = 512

/** The tables for these detectors. */
export function tablesFor(wanted: Wanted): ReadyTables {
  return builtTables(wanted) ?? madeTables(wanted)
}

const made = new WeakMap<Wanted, GateTables>()

/** Worked out once, as two gates are made of each. */
function madeTables(wanted: Wanted): ReadyTables {
  const tables = made.get(wanted) ?? gateTables(wanted.plan)
  made.set(wanted, tables)
  const { memory: from, ...numbers } = tables
  return { ...numbers, length: from.length, write: (memory) => memory.set(from) }
}

/** The tables of these detectors as a file that `builtTables` reads. */
export function tablesFile(wanted: Wanted): Buffer {
  const { memory, ...numbers } = gateTables(wanted.plan)
  const heading: Heading = { ...numbers, length: memory.length, detectors: nameOf(wanted) }
  return Buffer.concat([Buffer.from(JSON.stringify(heading).padEnd(headingLength)), memory])
}

/** What the build left, where it is of just these detectors; else null. */
export function builtTables(
  wanted: Pick<Wanted, 'compiled'>,
  file = new URL('./wasm/gate-tables.bin', import.meta.url),
): ReadyTables | null {
  const head = Buffer.alloc(headingLength)
  if (!fill(file, head, 0)) return null
  const { detectors, ...numbers } = JSON.parse(head.toString('latin1')) as Heading
  if (detectors !== nameOf(wanted)) return null
  return {
    ...numbers,
    write(memory) {
      if (!fill(file, memory.subarray(0, numbers.length), headingLength))
        throw new Error('the tables of the gate were cut while they were read')
    },
  }
}

/** Reads what stands from `at` on; false where there is no such file, or not so much in it. */
function fill(file: URL, room: Uint8Array, at: number): boolean {
  let opened: number
  try {
    opened = openSync(file, 'r')
  } catch {
    return false
  }
  try {
    return readSync(opened, room, 0, room.length, at) === room.length
  } finally {
    closeSync(opened)
  }
}

/** A name of all that detectors say in data about what they match, which is what their tables are made from. */
function nameOf({ compiled }: Pick<Wanted, 'compiled'>): string {
  // Functions do not get into JSON, prose does not matter, and examples are minted at every look.
  const data = compiled.map(
    ({
      detector: { docs: _docs, kind: _kind, issuer: _issuer, revoke: _revoke, examples: _examples, ...data },
    }) => data,
  )
  return createHash('sha256').update(JSON.stringify(data)).digest('base64')
}
