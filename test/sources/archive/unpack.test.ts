/** What is common to all formats: what passes through, nesting, reading in part, errors of the source. */
import { randomBytes } from 'node:crypto'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Blob, SourceProblem } from '../../../src/model/blob.ts'
import { AppError } from '../../../src/model/errors.ts'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { unpackAll } from '../../../src/sources/archive/unpack.ts'
import { both, items, ranged, signal, streamed, tarFile, unpack } from '../../support/archive-blob.ts'
import { bytesOf, readItems } from '../../support/read-unit.ts'
import { zipFile } from '../../support/zip-file.ts'

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

describe('a source of archives', () => {
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
