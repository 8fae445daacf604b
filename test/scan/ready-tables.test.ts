import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import type { Detector } from '../../src/model/detector.ts'
import { compileDetector } from '../../src/scan/compile.ts'
import { type GatePlan, planGate } from '../../src/scan/gate-plan.ts'
import { gateTables } from '../../src/scan/gate-tables.ts'
import { builtTables, type ReadyTables, tablesFile, tablesFor } from '../../src/scan/ready-tables.ts'
import { main } from '../support/cli.ts'

let folder: string
let file: URL

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrecall-tables-'))
  file = pathToFileURL(join(folder, 'gate-tables.bin'))
  writeFileSync(file, tablesFile(wantedOf(detectors)))
})

afterAll(() => rmSync(folder, { recursive: true }))

function wantedOf(list: readonly Detector[]) {
  const compiled = list.map(compileDetector)
  return { compiled, plan: planGate(compiled) }
}

/** As they stand in the memory of the gate; its bytes are too many to be compared one by one. */
function written(tables: ReadyTables | null) {
  if (tables === null) return null
  const { write, length, ...numbers } = tables
  const memory = Buffer.alloc(length)
  write(memory)
  return { ...numbers, memory: digest(memory) }
}

function workedOut(plan: GatePlan) {
  const { memory, ...numbers } = gateTables(plan)
  return { ...numbers, memory: digest(memory) }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('tables made by the build', () => {
  test('come out of the file as they were worked out', () => {
    const wanted = wantedOf(detectors)

    expect(written(builtTables(wanted, file))).toEqual(workedOut(wanted.plan))
  })

  test('lie beside the built program, for the detectors as they are', () => {
    const wanted = wantedOf(detectors)
    const built = new URL('./scan/wasm/gate-tables.bin', pathToFileURL(main))

    expect(written(builtTables(wanted, built))).toEqual(workedOut(wanted.plan))
  })

  test.each<[string, (list: readonly Detector[]) => readonly Detector[]]>([
    ['fewer', (list) => list.slice(1)],
    ['in another order', (list) => list.toReversed()],
    [
      'with another pattern',
      ([first, ...rest]) => (first ? [{ ...first, pattern: 'ab[0-9]{20}' }, ...rest] : []),
    ],
    ['with another word of context', (list) => list.map((one) => ({ ...one, context: ['vendor'] }))],
  ])('are not taken for detectors that are %s', (_, change) => {
    expect(builtTables(wantedOf(change(detectors)), file)).toBeNull()
  })

  test('are not taken from a file that was cut', () => {
    const cut = pathToFileURL(join(folder, 'cut.bin'))
    writeFileSync(cut, tablesFile(wantedOf(detectors)).subarray(0, 100))

    expect(builtTables(wantedOf(detectors), cut)).toBeNull()
  })

  test('are missed by nobody who has no such file', () => {
    const wanted = wantedOf(detectors)

    expect(builtTables(wanted, pathToFileURL(join(folder, 'none.bin')))).toBeNull()
    expect(written(tablesFor(wanted))).toEqual(workedOut(wanted.plan))
  })
})
