/** gzip: one stream or several. */
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { both, streamed, unpack } from '../../support/archive-blob.ts'

describe.each(both)('a gzip %s', (_, blobOf) => {
  it('gives its text, under the name of the file without .gz', async () => {
    const { members, problems } = await unpack(blobOf(gzipSync('a log'), 'logs/app.log.gz'))

    expect(members).toEqual([['app.log', 'a log']])
    expect(problems).toEqual([])
  })

  it('of several parts reads as one', async () => {
    const parts = Buffer.concat([gzipSync('one '), gzipSync('two '), gzipSync('three')])

    expect((await unpack(blobOf(parts))).members).toEqual([['file', 'one two three']])
  })

  it('takes the name that is in it', async () => {
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
})

describe('a gzip of which something cannot be read', () => {
  it('a gzip that is cut off is read as far as it goes and is broken', async () => {
    const whole = gzipSync(`needle ${randomBytes(500_000).toString('hex')}`)

    const { members, problems } = await unpack(streamed(whole.subarray(0, whole.length / 2)))

    expect(members[0]?.[1]).toContain('needle')
    expect(problems).toMatchObject([{ problem: 'error', code: 'archive_broken', subject: 'file!file' }])
  })
})
