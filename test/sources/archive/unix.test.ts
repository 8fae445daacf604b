/** ar, cpio and rpm: the archives of packages. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { both, ranged, streamed, tarFile, unpack } from '../../support/archive-blob.ts'

type Entry = readonly [name: string, content: Buffer | string]

function arFile(entries: readonly Entry[]): Buffer {
  const parts = [Buffer.from('!<arch>\n')]
  for (const [name, content] of entries) {
    const bytes = Buffer.from(content as string)
    const fields = [
      name.padEnd(16),
      '0'.padEnd(12),
      '0'.padEnd(6),
      '0'.padEnd(6),
      '100644'.padEnd(8),
      String(bytes.length).padEnd(10),
    ]
    parts.push(Buffer.from(`${fields.join('')}\`\n`), bytes, Buffer.alloc(bytes.length % 2, '\n'))
  }
  return Buffer.concat(parts)
}

function cpioFile(entries: readonly (readonly [...Entry, mode?: number])[]): Buffer {
  const parts: Buffer[] = []
  for (const [name, content, mode = 0o100644] of [...entries, ['TRAILER!!!', ''] as const]) {
    const bytes = Buffer.from(content as string)
    const named = Buffer.from(`${name}\0`)
    const numbers = [1, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, named.length, 0]
    parts.push(
      Buffer.from(`070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`),
      named,
    )
    parts.push(
      Buffer.alloc((4 - ((110 + named.length) % 4)) % 4),
      bytes,
      Buffer.alloc((4 - (bytes.length % 4)) % 4),
    )
  }
  return Buffer.concat(parts)
}

function oldCpioFile(entries: readonly Entry[]): Buffer {
  const octal = (value: number, width: number) => value.toString(8).padStart(width, '0')
  const parts = [...entries, ['TRAILER!!!', ''] as const].map(([name, content]) => {
    const head = [
      '070707',
      octal(0, 12),
      octal(0o100644, 6),
      octal(0, 24),
      octal(0, 11),
      octal(name.length + 1, 6),
    ]
    return `${head.join('')}${octal(content.length, 11)}${name}\0${content.toString()}`
  })
  return Buffer.from(parts.join(''))
}

function rpmFile(payload: Buffer): Buffer {
  const lead = Buffer.alloc(96)
  Buffer.from([0xed, 0xab, 0xee, 0xdb, 3, 0]).copy(lead)
  const header = (data: number) => {
    const head = Buffer.alloc(16 + 16 + data)
    Buffer.from([0x8e, 0xad, 0xe8, 1]).copy(head)
    head.writeUInt32BE(1, 8)
    head.writeUInt32BE(data, 12)
    return head
  }
  return Buffer.concat([lead, header(13), Buffer.alloc(3), header(5), payload])
}

describe.each(both)('an archive of packages %s', (_, blobOf) => {
  it('ar: gives its members, with long names of both kinds, odd lengths filled up', async () => {
    const ar = arFile([
      ['//', 'a-name-that-is-longer-than-sixteen.o/\nanother-name-that-is-long.o/\n'],
      ['short.o/', 'odd'],
      ['/0', 'one'],
      ['/38', 'two'],
      ['#1/12', 'bsd-name.txtthree'],
      ['last', 'four'],
    ])

    expect(await unpack(blobOf(ar))).toEqual({
      members: [
        ['short.o', 'odd'],
        ['a-name-that-is-longer-than-sixteen.o', 'one'],
        ['another-name-that-is-long.o', 'two'],
        ['bsd-name.txt', 'three'],
        ['last', 'four'],
      ],
      problems: [],
    })
  })

  it('deb: gives the files of the tar in it', async () => {
    const deb = arFile([
      ['debian-binary', '2.0\n'],
      ['data.tar.gz', gzipSync(await tarFile({ './etc/app.conf': 'conf' }))],
    ])

    expect((await unpack(blobOf(deb))).members).toEqual([
      ['debian-binary', '2.0\n'],
      ['data.tar.gz!data.tar!./etc/app.conf', 'conf'],
    ])
  })

  it('cpio: gives its files, in both forms, without links and folders', async () => {
    const modern = cpioFile([
      ['etc', '', 0o040755],
      ['etc/app.conf', 'conf'],
      ['link', 'etc/app.conf', 0o120777],
      ['empty', ''],
      ['last', 'two'],
    ])

    expect((await unpack(blobOf(modern))).members).toEqual([
      ['etc/app.conf', 'conf'],
      ['last', 'two'],
    ])
    expect(
      (
        await unpack(
          blobOf(
            oldCpioFile([
              ['a', 'one'],
              ['b', 'two'],
            ]),
          ),
        )
      ).members,
    ).toEqual([
      ['a', 'one'],
      ['b', 'two'],
    ])
  })

  it('rpm: gives the files of the cpio in it', async () => {
    const rpm = rpmFile(gzipSync(cpioFile([['./etc/app.conf', 'conf']])))

    expect((await unpack(blobOf(rpm, 'app.rpm'))).members).toEqual([
      ['payload!payload!./etc/app.conf', 'conf'],
    ])
  })
})

describe('an archive of packages', () => {
  const good = {
    ar: arFile([
      ['a/', 'one'],
      ['b/', 'two two'],
    ]),
    cpio: cpioFile([
      ['a', 'one'],
      ['b', 'two two'],
    ]),
    rpm: rpmFile(gzipSync(cpioFile([['a', 'one']]))),
  }

  it.each(Object.entries(good))(
    'that is cut off gives what is there, and one problem: %s',
    async (_, bytes) => {
      const { problems } = await unpack(streamed(bytes.subarray(0, bytes.length - 9)))

      expect(problems).toMatchObject([{ problem: 'error', code: 'archive_broken' }])
    },
  )

  it('that only begins like one is read as it is', async () => {
    const text = `!<arch>\nis how archives of ar begin, and this is a text about them ${'.'.repeat(60)}`

    const { members, problems } = await unpack(ranged(Buffer.from(text)))

    expect(members).toEqual([[undefined, text]])
    expect(problems).toMatchObject([{ code: 'archive_broken' }])
  })

  it('never gives more than members and problems, whatever is changed in it', async () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(good)), edits, async (archive, changes) => {
        const bytes = Buffer.from(archive)
        for (const [at, value] of changes) bytes[8 + (at % (bytes.length - 8))] = value

        const { problems } = await unpack(streamed(bytes), { maxBytes: 1024 * 1024 })

        for (const { code } of problems) expect(code).toMatch(/^archive_/)
      }),
      { numRuns: 500, seed: 55 },
    )
  })
})
