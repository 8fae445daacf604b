/** The zips that the demo writes are read back by the reader that has to find leaks in them. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zipOf } from '../../src/demo/zip-file.ts'
import type { Blob } from '../../src/model/blob.ts'
import { defaultArchiveLimits } from '../../src/sources/archive/limits.ts'
import { unpackAll } from '../../src/sources/archive/unpack.ts'
import { type ReadUnit, readItems } from '../support/read-unit.ts'

const signal = new AbortController().signal

async function readBack(zip: Buffer): Promise<ReadUnit> {
  const blob: Blob = {
    place: { type: 's3_object', path: 'releases/app.zip' },
    size: zip.length,
    contentId: null,
    async *open() {
      yield zip
    },
    read: async (start, end) => zip.subarray(start, end),
  }
  async function* one() {
    yield blob
  }
  return readItems(unpackAll(one(), defaultArchiveLimits, signal), signal)
}

async function contentsOf(zip: Buffer): Promise<Record<string, string>> {
  const { blobs, problems } = await readBack(zip)
  expect(problems).toEqual([])
  return Object.fromEntries(blobs.map(({ place, bytes }) => [place.archive_path, bytes.toString()]))
}

describe('a zip of the demo', () => {
  it('is read back, names and contents', async () => {
    const files = { 'README.txt': 'A release\n', 'app/config.ini': 'token=x\n', 'ünï/çödé.txt': '✓' }

    expect(await contentsOf(zipOf(files))).toEqual(files)
  })

  it('is read back whatever is in it', async () => {
    const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,2}\.txt$/)
    // The mark keeps a content from being an archive itself.
    const content = fc.string({ unit: 'grapheme', maxLength: 3_000 }).map((text) => `>${text}`)

    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, content, { maxKeys: 8, noNullPrototype: true }), async (files) => {
        expect(await contentsOf(zipOf(files))).toEqual(files)
      }),
      { numRuns: 50 },
    )
  })

  it('is one to a reader that is not ours', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keyrecall-zip-'))
    const path = join(folder, 'app.zip')
    await writeFile(path, zipOf({ 'app/config.ini': 'token=x\n' }))

    const script = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())'
    const { stdout } = await promisify(execFile)('python3', ['-c', script, path])
    await rm(folder, { recursive: true })

    expect(stdout.trim()).toBe("None ['app/config.ini']")
  })
})
