/** Archives made to take more than there is: each bound ends what it bounds, and the rest is read. */
import { randomBytes } from 'node:crypto'
import { crc32, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Blob } from '../../../src/model/blob.ts'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { unpackAll } from '../../../src/sources/archive/unpack.ts'
import {
  archiveFixture,
  items,
  ranged,
  signal,
  streamed,
  tarFile,
  unpack,
} from '../../support/archive-blob.ts'
import { zipFile } from '../../support/zip-file.ts'

describe('a bomb', () => {
  const zeros = Buffer.alloc(20 * 1024 * 1024)

  it('of one dense member ends that member, and the others are read', async () => {
    const zip = zipFile([
      { name: 'before', content: 'before' },
      { name: 'bomb', content: zeros },
      { name: 'after', content: 'after' },
    ])

    const { members, problems } = await unpack(ranged(zip))

    expect(members.map(([name]) => name)).toEqual(['before', 'bomb', 'after'])
    expect(members[1]?.[1].length).toBeLessThan(zeros.length)
    expect(members[2]?.[1]).toBe('after')
    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit', subject: 'file!bomb' }])
  })

  it('that states a small size ends as well', async () => {
    const zip = zipFile([{ name: 'bomb', content: zeros, claim: { size: 10 } }])

    expect((await unpack(ranged(zip))).problems).toMatchObject([
      { problem: 'skipped', code: 'archive_limit' },
    ])
  })

  it('of gzip without end is left', async () => {
    let produced = 0
    const part = gzipSync(zeros)
    const endless: Blob = {
      ...streamed(Buffer.alloc(0)),
      async *open() {
        for (;;) {
          produced += 1
          yield part
        }
      },
    }

    const { problems } = await unpack(endless, { maxRatio: 1e9, maxMemberBytes: 100 * 1024 * 1024 })

    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit' }])
    expect(produced).toBeLessThan(50)
  })

  it('of members that overlap is left', async () => {
    const shared = { name: 'kernel', content: randomBytes(10_000).toString('hex') }
    const zip = zipFile([
      shared,
      ...Array.from({ length: 50 }, (_, index) => ({ ...shared, name: `${index}`, sameAs: 0 })),
    ])

    const { members, problems } = await unpack(ranged(zip))

    expect(members.length).toBeLessThan(5)
    expect(problems).toMatchObject([
      { problem: 'skipped', code: 'archive_limit', message: expect.stringContaining('overlap') as string },
    ])
  })

  it('of archives in archives, sixteen wide at each level, ends at the sum of all bytes', async () => {
    let level: Buffer = zipFile([{ name: 'leaf', content: zeros }])
    for (let depth = 0; depth < 5; depth++) {
      const content = level
      level = zipFile(Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, content })))
    }

    const { members, problems } = await unpack(ranged(level), { maxBytes: 60 * 1024 * 1024 })

    const read = members.reduce((sum, [, text]) => sum + text.length, 0)
    expect(read).toBeLessThan(61 * 1024 * 1024)
    expect(problems.at(-1)).toMatchObject({ problem: 'skipped', code: 'archive_limit', subject: 'file' })
    expect(problems.length).toBeLessThan(20)
  })

  it('of more depth than is read is not opened further', async () => {
    let level: Buffer = Buffer.from('core')
    for (let depth = 0; depth < 4; depth++) level = gzipSync(level)

    expect(await unpack(streamed(level), { maxDepth: 4 })).toMatchObject({
      members: [['file!file!file!file', 'core']],
    })
    expect(await unpack(streamed(level), { maxDepth: 3 })).toMatchObject({
      members: [],
      problems: [{ problem: 'skipped', code: 'archive_limit' }],
    })
  })

  it('of more members than are read ends, and those before are read', async () => {
    const many = Array.from({ length: 30 }, (_, index) => [`${index}`, 'x'] as const)

    for (const bytes of [
      zipFile(many.map(([name, content]) => ({ name, content }))),
      await tarFile(Object.fromEntries(many)),
    ]) {
      const { members, problems } = await unpack(ranged(bytes), { maxMembers: 10 })

      expect(members).toHaveLength(10)
      expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit' }])
    }
  })

  it('of a zip too large for memory is scanned packed where only streaming is possible', async () => {
    const zip = zipFile([
      { name: 'a', content: randomBytes(50_000) },
      { name: 'b', content: 'stored needle', method: 0 },
    ])

    expect(await unpack(streamed(zip), { maxMemoryBytes: 10_000 })).toMatchObject({
      members: [[undefined, expect.stringContaining('stored needle') as string]],
      problems: [{ problem: 'skipped', code: 'archive_limit' }],
    })
    expect((await unpack(ranged(zip), { maxMemoryBytes: 10_000 })).members).toHaveLength(2)
  })

  it('in a tar does not take the members after it along', async () => {
    const tar = await tarFile({ 'bomb.gz': gzipSync(zeros), after: 'after' })

    const { members, problems } = await unpack(streamed(tar))

    expect(members.map(([name]) => name)).toEqual(['bomb.gz!bomb', 'after'])
    expect(problems).toMatchObject([{ code: 'archive_limit' }])
  })

  it('larger than a member may be is cut there', async () => {
    const tar = await tarFile({ large: 'x'.repeat(100_000), after: 'after' })

    const { members, problems } = await unpack(streamed(tar), { maxMemberBytes: 50_000 })

    expect(members.map(([name, text]) => [name, text.length > 0 && text.length <= 50_000])).toEqual([
      ['large', true],
      ['after', true],
    ])
    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit', subject: 'file!large' }])
  })

  it.each([
    ['bzip2, of one block that stands for 46 MB', bombOfRuns()],
    ['zstd, of blocks of one byte repeated', bombOfZstd(500)],
  ])('of %s comes out in small pieces and ends at its bound', async (_, bytes) => {
    let largest = 0
    let sum = 0
    const all = unpackAll(items(streamed(bytes)), { ...defaultArchiveLimits, maxRatio: 1e9 }, signal)
    for await (const item of all) {
      if ('problem' in item) throw new Error(item.message)
      for await (const chunk of item.open(signal)) {
        largest = Math.max(largest, chunk.length)
        sum += chunk.length
      }
    }
    const { members, problems } = await unpack(streamed(bytes))

    expect(sum).toBeGreaterThan(40_000_000)
    expect(largest).toBeLessThanOrEqual(128 * 1024)
    expect(members[0]?.[1].length).toBeLessThan(9_000_000)
    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit' }])
  })

  it('that asks for a window larger than there is memory is told, before any of it is made', async () => {
    const bomb = bombOfZstd(1)
    // An exponent of 31: two terabytes.
    bomb[5] = 0xf8

    expect(await unpack(streamed(bomb))).toMatchObject({
      problems: [
        { problem: 'skipped', code: 'archive_limit', message: expect.stringContaining('memory') as string },
      ],
    })
  })

  it('that claims a dictionary of four gigabytes takes as much as comes out', async () => {
    const xz = archiveFixture('one.xz')
    // The byte for the dictionary in the only block, and the sum over its header.
    xz[12 + 4] = 40
    xz.writeUInt32LE(crc32(xz.subarray(12, 20)), 20)

    expect((await unpack(streamed(xz))).members[0]?.[1]).toBe(archiveFixture('notes.txt').toString())
  })
})

/** Zeros, four of them and then 251 more, over and over: what bzip2 writes for 46 MB of them. */
function bombOfRuns(): Buffer {
  return archiveFixture('runs.bz2')
}

/** RFC 8878: a frame of blocks that each repeat one byte 128 KiB times. */
function bombOfZstd(blocks: number): Buffer {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58])]
  for (let i = 0; i < blocks; i++) {
    const head = Buffer.alloc(4)
    head.writeUIntLE(((128 * 1024) << 3) | (1 << 1) | (i === blocks - 1 ? 1 : 0), 0, 3)
    head[3] = 0x61
    parts.push(head)
  }
  return Buffer.concat(parts)
}
