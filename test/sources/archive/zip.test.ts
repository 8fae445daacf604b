/** zip and its family. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { archiveFixture, both, ranged, unpack } from '../../support/archive-blob.ts'
import { zipFile } from '../../support/zip-file.ts'

describe.each(both)('a zip %s', (_, blobOf) => {
  it('gives its files, packed and stored, without its folders', async () => {
    const zip = zipFile([
      { name: 'dir/', content: '' },
      { name: 'dir/packed', content: 'one '.repeat(1000) },
      { name: 'stored', content: 'two', method: 0 },
      { name: 'empty', content: '' },
      { name: 'ünï', content: 'three' },
    ])

    expect(await unpack(blobOf(zip))).toEqual({
      members: [
        ['dir/packed', 'one '.repeat(1000)],
        ['stored', 'two'],
        ['empty', ''],
        ['ünï', 'three'],
      ],
      problems: [],
    })
  })

  it('larger than a block of random access', async () => {
    const large = randomBytes(3_500_000).toString('hex')

    const { members } = await unpack(
      blobOf(
        zipFile([
          { name: 'a', content: large },
          { name: 'b', content: 'after' },
        ]),
      ),
    )

    expect(members[0]?.[1] === large).toBe(true)
    expect(members[1]).toEqual(['b', 'after'])
  })

  it('empty', async () => {
    expect(await unpack(blobOf(zipFile([])))).toEqual({ members: [], problems: [] })
  })
})

describe('a zip packed by newer methods', () => {
  it.each([['bzip2.zip'], ['lzma.zip']])('gives its files: %s', async (name) => {
    expect(await unpack(ranged(archiveFixture(name)))).toEqual({
      members: [['notes.txt', archiveFixture('notes.txt').toString()]],
      problems: [],
    })
  })

  it.each([
    ['zstd', 93, 'one.zst'],
    ['xz', 95, 'one.xz'],
  ])('gives its files: %s', async (_, method, fixture) => {
    const zip = zipFile([{ name: 'notes.txt', content: archiveFixture(fixture), method }])

    expect(await unpack(ranged(zip))).toEqual({
      members: [['notes.txt', archiveFixture('notes.txt').toString()]],
      problems: [],
    })
  })
})

describe('names in archives', () => {
  it.each([
    ['../../etc/passwd', '../../etc/passwd'],
    ['/etc/passwd', '/etc/passwd'],
    ['C:\\windows', 'C:/windows'],
    ['a\u001b[31mred\u0007\n', 'a\ufffd[31mred\ufffd\ufffd'],
    ['n'.repeat(3000), 'n'.repeat(1024)],
  ])('are labels only: %j', async (name, label) => {
    const { members, problems } = await unpack(ranged(zipFile([{ name, content: 'x' }])))

    expect(members).toEqual([[label, 'x']])
    expect(problems).toEqual([])
  })

  it('may be the same twice', async () => {
    const zip = zipFile([
      { name: 'a', content: 'one' },
      { name: 'a', content: 'two' },
    ])

    expect((await unpack(ranged(zip))).members).toEqual([
      ['a', 'one'],
      ['a', 'two'],
    ])
  })
})

describe('a zip of which something cannot be read', () => {
  it('encrypted members are skipped, others read', async () => {
    const zip = zipFile([
      { name: 'locked', content: 'x', flags: 1 },
      { name: 'aes', content: 'x', method: 99 },
      { name: 'open', content: 'y' },
    ])

    const { members, problems } = await unpack(ranged(zip))

    expect(members).toEqual([['open', 'y']])
    expect(problems).toMatchObject([
      { problem: 'skipped', code: 'archive_encrypted', subject: 'file!locked' },
      { problem: 'skipped', code: 'archive_encrypted', subject: 'file!aes' },
    ])
  })

  it('members packed another way are skipped, others read', async () => {
    const zip = zipFile([
      { name: 'ppmd', content: 'x', method: 98 },
      { name: 'open', content: 'y' },
    ])

    const { members, problems } = await unpack(ranged(zip))

    expect(members).toEqual([['open', 'y']])
    expect(problems).toMatchObject([
      { problem: 'skipped', code: 'archive_unsupported', subject: 'file!ppmd' },
    ])
  })

  it('a zip without its end is broken, and its bytes are read as they are', async () => {
    const zip = zipFile([{ name: 'a', content: 'stored needle', method: 0 }])
    const cut = zip.subarray(0, zip.length - 30)

    for (const [, blobOf] of both) {
      const { members, problems } = await unpack(blobOf(cut))

      expect(members).toMatchObject([[undefined, expect.stringContaining('stored needle') as string]])
      expect(problems).toMatchObject([{ problem: 'error', code: 'archive_broken', subject: 'file' }])
    }
  })

  it('a member that is damaged is broken, others are read', async () => {
    const zip = zipFile([
      { name: 'bad', content: 'some text that packs '.repeat(50) },
      { name: 'good', content: 'y' },
    ])
    zip.fill(0xff, 40, 50)

    const { members, problems } = await unpack(ranged(zip))

    expect(members.at(-1)).toEqual(['good', 'y'])
    expect(problems).toMatchObject([{ problem: 'error', code: 'archive_broken', subject: 'file!bad' }])
  })
})
