/** bzip2, xz and Zstandard, as their own tools write them. */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { archiveFixture, both, streamed, tarFile, unpack } from '../../support/archive-blob.ts'

const notes = archiveFixture('notes.txt').toString()
const short = 'a short file\n'
const kinds = ['bz2', 'xz', 'zst'] as const

describe.each(both)('a compressed file %s', (_, blobOf) => {
  it.each(kinds)('gives its text, under its own name without the ending: %s', async (kind) => {
    expect(await unpack(blobOf(archiveFixture(`one.${kind}`), `logs/app.log.${kind}`))).toEqual({
      members: [['app.log', notes]],
      problems: [],
    })
  })

  it.each(kinds)('of several streams, with other sums and padding, reads as one: %s', async (kind) => {
    expect((await unpack(blobOf(archiveFixture(`two.${kind}`)))).members).toEqual([['file', short + notes]])
  })
})

describe('a compressed file', () => {
  it.each([
    ['backup.tbz2', 'one.bz2', 'backup.tar'],
    ['backup.txz', 'one.xz', 'backup.tar'],
    ['backup.tzst', 'one.zst', 'backup.tar'],
    ['.xz', 'one.xz', 'data'],
  ])('called %s is named', async (path, fixture, name) => {
    expect((await unpack(streamed(archiveFixture(fixture), path))).members[0]?.[0]).toBe(name)
  })

  it('is opened inside of archives, and archives in it', async () => {
    const tar = await tarFile({ 'a.xz': archiveFixture('one.xz'), 'b.bz2': archiveFixture('one.bz2') })

    expect((await unpack(streamed(tar))).members).toEqual([
      ['a.xz!a', notes],
      ['b.bz2!b', notes],
    ])
  })

  it.each(['wrapped.xz', 'wrapped.7z'])(
    'many times longer than its dictionary comes out whole: %s',
    async (fixture) => {
      const lines = Array.from({ length: 60_000 }, (_, i) => `line ${i % 1500} of many, ${i % 7}\n`)

      const { members, problems } = await unpack(streamed(archiveFixture(fixture)))

      expect(problems).toEqual([])
      expect(members[0]?.[1] === lines.join('')).toBe(true)
    },
  )

  it('with a filter for machine code gives the text in it', async () => {
    const { members, problems } = await unpack(streamed(archiveFixture('filtered.xz')))

    expect(members[0]?.[1]).toContain('text in a program\n')
    expect(problems).toEqual([])
  })

  it('with a filter that is not read is skipped with its reason', async () => {
    expect((await unpack(streamed(archiveFixture('delta.xz')))).problems).toMatchObject([
      {
        problem: 'skipped',
        code: 'archive_unsupported',
        message: expect.stringContaining('filter 3') as string,
      },
    ])
  })

  it.each(kinds)('that is cut off anywhere is broken, and never more than a part of it: %s', async (kind) => {
    const whole = archiveFixture(`one.${kind}`)
    for (let length = 20; length < whole.length; length += 37) {
      const { members, problems } = await unpack(streamed(whole.subarray(0, length)))

      expect(notes.startsWith(members[0]?.[1] ?? ''), `${length}`).toBe(true)
      expect(problems, `${length}`).toMatchObject([{ problem: 'error', code: 'archive_broken' }])
    }
  })

  it.each(['bz2', 'xz'] as const)('with a wrong sum is broken: %s', async (kind) => {
    const bytes = archiveFixture(kind === 'xz' ? 'two.xz' : 'one.bz2')
    const sum = Buffer.alloc(4)
    sum.writeUInt32LE(crc32(short))
    // The first block's sum in bzip2 stands behind its mark.
    const at = kind === 'xz' ? bytes.indexOf(sum) : 10
    bytes[at] = (bytes[at] ?? 0) ^ 1

    expect((await unpack(streamed(bytes))).problems).toMatchObject([{ code: 'archive_broken' }])
  })

  it.each(kinds)('never gives more than a problem, whatever is changed in it: %s', async (kind) => {
    const good = archiveFixture(`two.${kind}`)
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(good)
        for (const [at, value] of changes) bytes[10 + (at % (bytes.length - 10))] = value

        const { problems } = await unpack(streamed(bytes), { maxBytes: 1024 * 1024 })

        for (const { code } of problems) expect(code).toMatch(/^archive_/)
      }),
      { numRuns: 150, seed: 51 },
    )
  })
})
