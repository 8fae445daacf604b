import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Blob } from '../../../src/model/blob.ts'
import { detectFormat } from '../../../src/sources/archive/format.ts'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { accessRanges } from '../../../src/sources/archive/random-access.ts'
import { unpackAll } from '../../../src/sources/archive/unpack.ts'
import { readItems } from '../../support/read-unit.ts'
import { zipFile } from '../../support/zip-file.ts'

const limits = { ...defaultArchiveLimits, maxBytes: 1024 * 1024, maxMembers: 100 }

function blobOf(bytes: Buffer, ranged: boolean): Blob {
  return {
    place: { type: 'file', path: 'file' },
    size: bytes.length,
    contentId: null,
    async *open() {
      yield bytes
    },
    ...(ranged ? { read: async (start: number, end: number) => bytes.subarray(start, end) } : {}),
  }
}

async function* only(blob: Blob): AsyncGenerator<Blob> {
  yield blob
}

const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 })
const good = zipFile([
  { name: 'first', content: 'text '.repeat(40) },
  { name: 'second', content: 'stored', method: 0 },
  { name: 'in.gz', content: gzipSync('inner') },
])

describe('bytes from strangers', () => {
  it('never do more than yield members and problems, whatever is changed in a zip', async () => {
    await fc.assert(
      fc.asyncProperty(edits, fc.nat({ max: good.length }), fc.boolean(), async (edits, length, ranged) => {
        const bytes = Buffer.from(length % 3 === 0 ? good.subarray(0, length) : good)
        for (const [at, value] of edits) if (bytes.length > 4) bytes[4 + (at % (bytes.length - 4))] = value

        const { problems } = await readItems(
          unpackAll(only(blobOf(bytes, ranged)), limits, new AbortController().signal),
        )

        for (const problem of problems) expect(problem.code).toMatch(/^archive_/)
      }),
      { numRuns: 400 },
    )
  })

  it('never do more than that behind any magic', async () => {
    const magic = fc.constantFrom('PK\x03\x04', 'PK\x05\x06', '\x1f\x8b\x08\0', '')
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 700 }), async (magic, rest) => {
        const bytes = Buffer.concat([Buffer.from(magic, 'latin1'), rest])

        const { blobs } = await readItems(
          unpackAll(only(blobOf(bytes, false)), limits, new AbortController().signal),
        )

        if (detectFormat(bytes.subarray(0, 512)) === null) expect(blobs[0]?.bytes.equals(bytes)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('come out as they went in', async () => {
    const member = fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      content: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.concat([Buffer.from('='), bytes])),
      method: fc.constantFrom(0, 8),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 5 }), fc.boolean(), async (members, ranged) => {
        const { blobs, problems } = await readItems(
          unpackAll(only(blobOf(zipFile(members), ranged)), limits, new AbortController().signal),
        )

        expect(problems).toEqual([])
        expect(blobs.map(({ place, bytes }) => [place.archive_path, bytes.toString('hex')])).toEqual(
          members.map(({ name, content }) => [name, content.toString('hex')]),
        )
      }),
    )
  })
})

describe('random access by range', () => {
  it('gives the same bytes as the whole, in few requests', async () => {
    const whole = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 31) % 251))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: 3_100_000 }), fc.nat({ max: 1_200_000 })), { maxLength: 6 }),
        async (reads) => {
          let requests = 0
          const access = accessRanges(async (start, end) => {
            requests += 1
            return whole.subarray(start, end)
          }, whole.length)

          for (const [start, size] of reads) {
            const bytes = await access.bytes(start, start + size)
            expect(bytes.equals(whole.subarray(start, start + size))).toBe(true)
          }
          // Three blocks hold all of it, and four are kept.
          expect(requests).toBeLessThanOrEqual(3)
        },
      ),
      { numRuns: 30 },
    )
  })
})
