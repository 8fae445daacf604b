import { randomBytes } from 'node:crypto'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import type { Blob, SourceProblem } from '../../../src/model/blob.ts'
import { AppError } from '../../../src/model/errors.ts'
import { type ArchiveLimits, defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { unpackAll } from '../../../src/sources/archive/unpack.ts'
import { bytesOf, readItems } from '../../support/read-unit.ts'
import { zipFile } from '../../support/zip-file.ts'

const signal = new AbortController().signal

/** A blob that can only be streamed, in small pieces. */
function streamed(bytes: Buffer, path = 'file'): Blob {
  return {
    place: { type: 'file', path },
    size: null,
    contentId: null,
    async *open() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
    },
  }
}

/** The same with random access. */
function ranged(bytes: Buffer, path = 'file'): Blob {
  return {
    ...streamed(bytes, path),
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
  }
}

async function* items(...all: (Blob | SourceProblem)[]): AsyncGenerator<Blob | SourceProblem> {
  yield* all
}

async function unpack(blob: Blob, limits: Partial<ArchiveLimits> = {}) {
  const { blobs, problems } = await readItems(
    unpackAll(items(blob), { ...defaultArchiveLimits, ...limits }, signal),
  )
  return {
    members: blobs.map(({ place, bytes }) => [place.archive_path, bytes.toString()] as const),
    problems,
  }
}

async function tarFile(members: Record<string, Buffer | string>): Promise<Buffer> {
  const writer = pack()
  for (const [name, content] of Object.entries(members)) writer.entry({ name }, content)
  writer.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of writer) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

const both = [
  ['streamed', streamed],
  ['by range', ranged],
] as const

describe('what is no archive', () => {
  it.each([
    ['text', Buffer.from('just text')],
    ['nothing', Buffer.alloc(0)],
    ['the start of a zip and no more', Buffer.from('PK\x03\x04')],
    ['zeros', Buffer.alloc(2000)],
    ['a long text', Buffer.from('abc '.repeat(5000))],
    ['brotli', brotliCompressSync('inside')],
  ])('passes through whole: %s', async (_, bytes) => {
    expect(await unpack(streamed(bytes))).toEqual({ members: [[undefined, bytes.toString()]], problems: [] })
  })

  it('keeps problems and order, and reading goes on after a blob nobody read', async () => {
    const problem: SourceProblem = { problem: 'error', code: 'unreadable', subject: 'x', message: 'y' }
    const order: string[] = []
    const all = items(streamed(Buffer.from('a'), 'a'), problem, streamed(Buffer.from('b'), 'b'))

    for await (const item of unpackAll(all, defaultArchiveLimits, signal)) {
      order.push('problem' in item ? item.subject : item.place.path)
    }

    expect(order).toEqual(['a', 'x', 'b'])
  })

  it('can be read as often as before', async () => {
    for await (const item of unpackAll(items(ranged(Buffer.from('again'))), defaultArchiveLimits, signal)) {
      if ('problem' in item) throw new Error('a problem')
      expect((await bytesOf(item)).toString()).toBe('again')
      expect((await bytesOf(item)).toString()).toBe('again')
    }
  })

  it('that cannot be opened is a problem, and the rest goes on', async () => {
    const closed: Blob = {
      ...streamed(Buffer.alloc(0), 'closed'),
      // oxlint-disable-next-line require-yield
      async *open() {
        throw new AppError('unreadable', 'cannot be read (EACCES)')
      },
    }

    const { blobs, problems } = await readItems(
      unpackAll(items(closed, streamed(Buffer.from('next'))), defaultArchiveLimits, signal),
    )

    expect(problems).toMatchObject([{ problem: 'error', code: 'unreadable', subject: 'closed' }])
    expect(blobs).toHaveLength(1)
  })
})

describe.each(both)('an archive %s', (_, blobOf) => {
  it('zip: gives its files, packed and stored, without its folders', async () => {
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

  it('zip: larger than a block of random access', async () => {
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

  it('zip: empty', async () => {
    expect(await unpack(blobOf(zipFile([])))).toEqual({ members: [], problems: [] })
  })

  it('gzip: gives its text, under the name of the file without .gz', async () => {
    const { members, problems } = await unpack(blobOf(gzipSync('a log'), 'logs/app.log.gz'))

    expect(members).toEqual([['app.log', 'a log']])
    expect(problems).toEqual([])
  })

  it('gzip: of several parts reads as one', async () => {
    const parts = Buffer.concat([gzipSync('one '), gzipSync('two '), gzipSync('three')])

    expect((await unpack(blobOf(parts))).members).toEqual([['file', 'one two three']])
  })

  it('gzip: takes the name that is in it', async () => {
    const plain = gzipSync('text')
    const named = Buffer.concat([
      plain.subarray(0, 3),
      Buffer.from([8]),
      plain.subarray(4, 10),
      Buffer.from('inner.txt\0'),
      plain.subarray(10),
    ])

    expect((await unpack(blobOf(named))).members).toEqual([['inner.txt', 'text']])
  })

  it('tar: gives its files', async () => {
    const tar = await tarFile({ 'a/b': 'one', empty: '', large: 'x'.repeat(100_000), last: 'two' })

    expect(await unpack(blobOf(tar))).toEqual({
      members: [
        ['a/b', 'one'],
        ['large', 'x'.repeat(100_000)],
        ['last', 'two'],
      ],
      problems: [],
    })
  })

  it('nested: names the way in', async () => {
    const zip = zipFile([
      { name: 'in.zip', content: zipFile([{ name: 'deep', content: 'deep text' }]) },
      { name: 'after', content: 'after' },
    ])
    const tgz = gzipSync(await tarFile({ 'x.zip': zip, last: 'last' }))

    expect(await unpack(blobOf(tgz, 'backup.tgz'))).toEqual({
      members: [
        ['backup.tar!x.zip!in.zip!deep', 'deep text'],
        ['backup.tar!x.zip!after', 'after'],
        ['backup.tar!last', 'last'],
      ],
      problems: [],
    })
  })

  it('goes on where members are not read, or read in part', async () => {
    const tar = await tarFile({ a: 'a'.repeat(50_000), b: 'b'.repeat(50_000), c: 'c' })
    const zip = zipFile([
      { name: 'a', content: 'a'.repeat(50_000) },
      { name: 'b', content: 'b' },
      { name: 'c', content: 'c' },
    ])
    for (const bytes of [tar, zip]) {
      const got: string[] = []
      for await (const item of unpackAll(items(blobOf(bytes)), defaultArchiveLimits, signal)) {
        if ('problem' in item) throw new Error(item.message)
        if (item.place.archive_path === 'a') continue
        for await (const chunk of item.open(signal)) {
          got.push(Buffer.from(chunk).toString('latin1', 0, 1))
          break
        }
      }

      expect(got).toEqual(['b', 'c'])
    }
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

  it('of a zip too large for memory is left where only streaming is possible', async () => {
    const zip = zipFile([{ name: 'a', content: randomBytes(50_000) }])

    expect(await unpack(streamed(zip), { maxMemoryBytes: 10_000 })).toMatchObject({
      members: [],
      problems: [{ problem: 'skipped', code: 'archive_limit' }],
    })
    expect((await unpack(ranged(zip), { maxMemoryBytes: 10_000 })).members).toHaveLength(1)
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
})

describe('what cannot be read', () => {
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
      { name: 'bzip2', content: 'x', method: 12 },
      { name: 'open', content: 'y' },
    ])

    const { members, problems } = await unpack(ranged(zip))

    expect(members).toEqual([['open', 'y']])
    expect(problems).toMatchObject([
      { problem: 'skipped', code: 'archive_unsupported', subject: 'file!bzip2' },
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

  it('a gzip that is cut off is read as far as it goes and is broken', async () => {
    const whole = gzipSync(`needle ${randomBytes(500_000).toString('hex')}`)

    const { members, problems } = await unpack(streamed(whole.subarray(0, whole.length / 2)))

    expect(members[0]?.[1]).toContain('needle')
    expect(problems).toMatchObject([{ problem: 'error', code: 'archive_broken', subject: 'file!file' }])
  })

  it('a tar that is cut off gives its members before, and one problem', async () => {
    const tar = await tarFile({ a: 'first', b: 'x'.repeat(5000) })

    const { members, problems } = await unpack(streamed(tar.subarray(0, 3000)))

    expect(members[0]).toEqual(['a', 'first'])
    expect(problems).toHaveLength(1)
    expect(problems).toMatchObject([{ problem: 'error', code: 'archive_broken' }])
  })

  it('a tar in a gzip that is cut off gives its members before, and one problem', async () => {
    const tgz = gzipSync(await tarFile({ a: 'first', b: randomBytes(200_000).toString('hex') }))

    const { members, problems } = await unpack(streamed(tgz.subarray(0, tgz.length / 2)))

    expect(members[0]).toEqual(['file!a', 'first'])
    expect(problems).toHaveLength(1)
  })

  it('an error of the source in the middle is told as itself', async () => {
    const zip = gzipSync(randomBytes(100_000))
    const failing: Blob = {
      ...streamed(zip),
      async *open() {
        yield zip.subarray(0, 50_000)
        throw new AppError('remote_failed', 'the connection broke')
      },
    }

    expect((await unpack(failing)).problems).toMatchObject([{ problem: 'error', code: 'remote_failed' }])
  })

  it('stops with the signal', async () => {
    const stop = new AbortController()
    async function readSome(): Promise<void> {
      const tar = await tarFile({ a: 'a', b: 'b' })
      for await (const _ of unpackAll(items(streamed(tar), streamed(tar)), defaultArchiveLimits, stop.signal))
        stop.abort()
    }

    await expect(readSome()).rejects.toThrow()
  })
})
