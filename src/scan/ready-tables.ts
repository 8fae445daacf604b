/**
 * The tables of the gate as `npm run build` left them for the built-in detectors (`scripts/build-tables.mjs`): working them
 * out takes longer than scanning a small folder. Tables of other detectors, and all of a run from source, are worked out.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Detector } from '../model/detector.ts'
import { type GateTables, gateTables } from './gate-tables.ts'
import type { Wanted } from './prefilter.ts'

/** In the file a line of JSON comes first, then the memory. */
type Heading = Omit<GateTables, 'memory'> & { detectors: string }

const known = new WeakMap<Wanted['compiled'], GateTables>()

/** The tables for these detectors; of one list worked out once. */
export function tablesFor(wanted: Wanted): GateTables {
  const same = known.get(wanted.compiled)
  if (same) return same
  const tables = builtTables(wanted) ?? gateTables(wanted.plan)
  known.set(wanted.compiled, tables)
  return tables
}

/** The tables of these detectors as a file that `builtTables` reads. */
export function tablesFile(wanted: Wanted): Buffer {
  const { memory, ...numbers } = gateTables(wanted.plan)
  const heading: Heading = { ...numbers, detectors: nameOf(wanted) }
  return Buffer.concat([Buffer.from(`${JSON.stringify(heading)}\n`), memory])
}

/** What the build left, where it is of just these detectors; else null. */
export function builtTables(
  wanted: Pick<Wanted, 'compiled'>,
  file = new URL('./wasm/gate-tables.bin', import.meta.url),
): GateTables | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    return null
  }
  const end = bytes.indexOf(0x0a)
  const { detectors, ...numbers } = JSON.parse(bytes.toString('latin1', 0, end)) as Heading
  return detectors === nameOf(wanted) ? { ...numbers, memory: bytes.subarray(end + 1) } : null
}

/** A name of all that detectors say in data, which is what their tables are made from. */
function nameOf({ compiled }: Pick<Wanted, 'compiled'>): string {
  const data = JSON.stringify(compiled.map(({ detector }) => dataOf(detector)))
  return createHash('sha256').update(data).digest('base64')
}

/** Examples are minted at every look, and matter to nobody here. */
function dataOf(detector: Detector): unknown[] {
  const values: unknown[] = []
  for (const [name, value] of Object.entries(detector))
    if (name !== 'examples' && typeof value !== 'function') values.push(name, value)
  return values
}
