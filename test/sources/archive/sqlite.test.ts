/** Databases of SQLite: rows come out as lines, and the rest of the file as it is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { archiveFixture, both, ranged, streamed, unpack } from '../../support/archive-blob.ts'

describe.each(both)('a database %s', (_, blobOf) => {
  it('gives the rows of its tables, each value a line with the name of its column', async () => {
    const { members, problems } = await unpack(blobOf(archiveFixture('rows.sqlite')))

    const [settings, pairs, file] = members
    expect(problems).toEqual([])
    expect([settings?.[0], pairs?.[0], file?.[0]]).toEqual(['settings', 'pairs', undefined])
    const lines = settings?.[1].split('\n') ?? []
    expect(lines.slice(0, 5)).toEqual([
      'the name: name0',
      'value: value0',
      'note: blob0',
      'the name: name1',
      'value: value1',
    ])
    expect(lines.filter((line) => line.startsWith('the name: '))).toHaveLength(61)
    expect(pairs?.[1]).toContain(`k: key029\nv: ${'v'.repeat(40)}29\n`)
  })

  it('puts together what stands on pages far apart', async () => {
    const long = `<${'0123456789'.repeat(500)}>`
    const bytes = archiveFixture('rows.sqlite')

    const { members } = await unpack(blobOf(bytes))

    expect(bytes.includes(long)).toBe(false)
    expect(members[0]?.[1]).toContain(`value: ${long}\n`)
  })

  it('gives what is left of deleted rows, in the file itself, and the others only once', async () => {
    const bytes = archiveFixture('rows.sqlite')

    const { members } = await unpack(blobOf(bytes))

    const file = members[2]?.[1] ?? ''
    expect(file.length).toBe(bytes.toString().length)
    expect(file.indexOf('deleted row text')).toBe(bytes.toString().indexOf('deleted row text'))
    expect(file).toContain('CREATE TABLE')
    // The rows of the first page were once on another, where they are still to be read; the last ones were not.
    expect(file).not.toContain('value59')
  })
})

describe('a database', () => {
  it.each([['utf16.sqlite'], ['utf16be.sqlite']])('may hold UTF-16: %s', async (name) => {
    const { members } = await unpack(ranged(archiveFixture(name)))

    expect(members[0]).toEqual([
      'settings',
      [0, 1, 2]
        .map((i) => `the name: name${i}\nvalue: value${i}\n${i === 0 ? 'note: blob0\n' : ''}`)
        .join(''),
    ])
  })

  it('that is cut off gives what is there, and one problem', async () => {
    const { members, problems } = await unpack(ranged(archiveFixture('rows.sqlite').subarray(0, 7000)))

    expect(members.at(-1)?.[0]).toBe(undefined)
    expect(problems.length).toBeGreaterThan(0)
    for (const { code } of problems) expect(code).toBe('archive_broken')
  })

  it('whose pages go round in a circle ends', async () => {
    const bytes = archiveFixture('rows.sqlite')
    const inner = bytes.indexOf(Buffer.from([5, 0, 0]), 1024)
    // The rightmost child of the first inner page of a table becomes itself.
    bytes.writeUInt32BE(Math.floor(inner / 1024) + 1, inner + 8)

    expect((await unpack(ranged(bytes))).problems).toMatchObject([{ code: 'archive_broken' }])
  })

  it('too large for memory is scanned as it is where only streaming is possible', async () => {
    const bytes = archiveFixture('rows.sqlite')

    expect(await unpack(streamed(bytes), { maxMemoryBytes: 4000 })).toEqual({
      members: [[undefined, bytes.toString()]],
      problems: [expect.objectContaining({ problem: 'skipped', code: 'archive_limit' })],
    })
  })

  it('never gives more than members and problems, whatever is changed in it', async () => {
    const good = archiveFixture('rows.sqlite')
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(good)
        for (const [at, value] of changes) bytes[16 + (at % (bytes.length - 16))] = value

        const { members, problems } = await unpack(ranged(bytes), { maxBytes: 1024 * 1024 })

        expect(members.at(-1)?.[0]).toBe(undefined)
        for (const { code } of problems) expect(code).toMatch(/^archive_/)
      }),
      { numRuns: 300, seed: 53 },
    )
  })
})
