import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  emptyState,
  KnownIds,
  loadScanState,
  saveScanState,
} from '../../../../src/sources/git/state/scan-state.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-state-'))
  path = join(folder, 'states', 'one')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** An id of which a byte near the start and one behind what is kept vary. */
function id(number: number, tail = 0): Buffer {
  const bytes = Buffer.alloc(20, 7)
  bytes.writeUInt16BE(number, 3)
  bytes[15] = tail
  return bytes
}

describe('known ids', () => {
  it('are those that were added, however they came', () => {
    const numbers = fc.array(fc.nat({ max: 60 }), { maxLength: 30 })
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 4 }), numbers, (batches, asked) => {
        let known = new KnownIds()
        for (const batch of batches) known = known.with(batch.map((number) => id(number)))
        const all = new Set(batches.flat())
        const sorted = [...new Set(asked)].sort((a, b) => a - b)

        expect(known.count).toBe(all.size)
        for (const number of asked) expect(known.has(id(number, 9))).toBe(all.has(number))
        const list = Buffer.concat(sorted.map((number) => Buffer.concat([Buffer.alloc(2), id(number)])))
        expect([...known.among(list, 2, 22, sorted.length)]).toEqual(
          sorted.map((number) => (all.has(number) ? 1 : 0)),
        )
      }),
      { numRuns: 300, seed: 3 },
    )
  })
})

describe('the state of a repository', () => {
  const state = {
    packs: new Set(['pack-1']),
    refs: new Map([['refs/heads/main', 'a'.repeat(40)]]),
    defaultBranch: 'refs/heads/main',
    ids: new KnownIds().with([id(1), id(2)]),
    found: new Map([
      [
        'b'.repeat(40),
        { places: [{ path: 'src/a', commit_count: 2, at_head: true }], hits: [], again: true },
      ],
    ]),
  }

  it('is read back as it was written, and for nobody else to read', async () => {
    await saveScanState(path, 'set', state)

    expect(await loadScanState(path, 'set')).toEqual(state)
    // oxlint-disable-next-line no-bitwise
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'states'))).toEqual(['one'])
  })

  it('takes eight bytes an id', async () => {
    const ids = Array.from({ length: 10_000 }, (_, number) => id(number))

    await saveScanState(path, 'set', { ...state, ids: new KnownIds().with(ids) })

    expect((await stat(path)).size).toBeLessThan(10_000 * 8 + 500)
  })

  it('says nothing for other detectors', async () => {
    await saveScanState(path, 'set', state)

    expect(await loadScanState(path, 'another set')).toEqual(emptyState())
  })

  it.each([
    ['is not there', async () => {}],
    ['is cut off', async () => truncate(path, (await stat(path)).size - 3)],
    ['is something else', async () => writeFile(path, 'hello')],
  ])('says nothing where the file %s', async (what, spoil) => {
    if (what !== 'is not there') await saveScanState(path, 'set', state)

    await spoil()

    expect(await loadScanState(path, 'set')).toEqual(emptyState())
  })
})
