/** tar, packed and plain. */
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { both, streamed, tarFile, unpack } from '../../support/archive-blob.ts'

describe.each(both)('a tar %s', (_, blobOf) => {
  it('gives its files', async () => {
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
})

describe('a tar of which something cannot be read', () => {
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
})
