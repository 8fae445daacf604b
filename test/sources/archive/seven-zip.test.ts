/** 7z, as 7-Zip writes it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { unpackAll } from '../../../src/sources/archive/unpack.ts'
import { archiveFixture, both, items, ranged, signal, unpack } from '../../support/archive-blob.ts'

const notes = archiveFixture('notes.txt').toString()
const short = 'a short file\n'

describe.each(both)('a 7z %s', (_, blobOf) => {
  it('gives its files, packed together, without folders and empty ones', async () => {
    expect(await unpack(blobOf(archiveFixture('solid.7z')))).toEqual({
      members: [
        ['dir/über.txt', 'in a folder\n'],
        ['notes.txt', notes],
        ['short.txt', short],
      ],
      problems: [],
    })
  })

  it.each([['lzma.7z'], ['plain.7z'], ['copy.7z']])('gives its files in order: %s', async (name) => {
    expect(await unpack(blobOf(archiveFixture(name)))).toEqual({
      members: [
        ['notes.txt', notes],
        ['short.txt', short],
      ],
      problems: [],
    })
  })

  it.each([['bzip2.7z'], ['deflate.7z']])('unpacks other methods: %s', async (name) => {
    expect((await unpack(blobOf(archiveFixture(name)))).members).toEqual([['notes.txt', notes]])
  })
})

describe('a 7z', () => {
  it('with a filter for machine code gives the text in it', async () => {
    const { members } = await unpack(ranged(archiveFixture('bcj.7z')))

    expect(members[0]?.[1]).toContain('text in a program\n')
  })

  it.each([
    ['ppmd.7z', 'archive_unsupported', 'notes.txt', 'method 030401'],
    ['bcj2.7z', 'archive_unsupported', 'code.bin', 'several methods'],
    ['locked.7z', 'archive_encrypted', 'short.txt', 'password'],
  ])('tells which file it cannot read, and why: %s', async (fixture, code, name, message) => {
    expect(await unpack(ranged(archiveFixture(fixture)))).toMatchObject({
      members: [],
      problems: [
        {
          problem: 'skipped',
          code,
          subject: `file!${name}`,
          message: expect.stringContaining(message) as string,
        },
      ],
    })
  })

  it('whose list of files is encrypted is told, and its bytes are read as they are', async () => {
    const { members, problems } = await unpack(ranged(archiveFixture('hidden.7z')))

    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_encrypted', subject: 'file' }])
    expect(members.map(([name]) => name)).toEqual([undefined])
  })

  it('goes on where members are not read, or read in part', async () => {
    const got: string[] = []
    for await (const item of unpackAll(
      items(ranged(archiveFixture('solid.7z'))),
      defaultArchiveLimits,
      signal,
    )) {
      if ('problem' in item) throw new Error(item.message)
      if (item.place.archive_path === 'dir/über.txt') continue
      for await (const chunk of item.open(signal)) {
        got.push(Buffer.from(chunk).toString('latin1', 0, 7))
        break
      }
    }

    expect(got).toEqual(['first l', 'a short'])
  })

  it('without its end is broken, and its bytes are read as they are', async () => {
    const whole = archiveFixture('copy.7z')

    const { members, problems } = await unpack(ranged(whole.subarray(0, -40)))

    expect(members).toMatchObject([[undefined, expect.stringContaining(short) as string]])
    expect(problems).toMatchObject([{ problem: 'error', code: 'archive_broken', subject: 'file' }])
  })

  it('of more members than are read ends, and those before are read', async () => {
    const { members, problems } = await unpack(ranged(archiveFixture('solid.7z')), { maxMembers: 2 })

    expect(members).toHaveLength(2)
    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit' }])
  })

  it.each([['solid.7z'], ['plain.7z'], ['bcj2.7z']])(
    'never gives more than members and problems, whatever is changed in it: %s',
    async (fixture) => {
      const good = archiveFixture(fixture)
      const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 6,
      })
      await fc.assert(
        fc.asyncProperty(edits, fc.boolean(), async (changes, atEnd) => {
          const bytes = Buffer.from(good)
          // Half of the changes go to where the list of files is.
          const from = atEnd ? bytes.length - 120 : 7
          for (const [at, value] of changes) bytes[from + (at % (bytes.length - from))] = value

          const { problems } = await unpack(ranged(bytes), { maxBytes: 1024 * 1024 })

          for (const { code } of problems) expect(code).toMatch(/^archive_/)
        }),
        { numRuns: 300, seed: 52 },
      )
    },
  )
})
