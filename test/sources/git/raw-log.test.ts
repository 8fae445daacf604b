import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LoggedChange, readRawLog } from '../../../src/sources/git/raw-log.ts'

const id = fc.stringMatching(/^[0-9a-f]{40}$/)
/** Any bytes but NUL; names in commits have no newline either. */
const path = fc
  .uint8Array({ minLength: 1, maxLength: 20 })
  .map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)))
const name = fc.string({ maxLength: 20 }).map((text) => text.replace(/[\0\n]/g, ''))
const mode = fc.constantFrom('100644', '100755', '120000', '160000', '000000')
const change = fc.record({ parents: fc.integer({ min: 1, max: 3 }), mode, blob: id, path })
const commit = fc.record({
  id,
  name,
  email: name,
  time: fc.nat().map(String),
  changes: fc.array(change, { maxLength: 5 }),
})

/** Writes commits as git does. */
function write(commits: readonly (typeof commit extends fc.Arbitrary<infer C> ? C : never)[]): Buffer {
  const parts: Buffer[] = []
  for (const one of commits) {
    parts.push(Buffer.from(`commit ${one.id}\0${one.name}\0${one.email}\0${one.time}\0`))
    for (const [index, { parents, mode, blob, path }] of one.changes.entries()) {
      const olds = `${'100644 '.repeat(parents)}${mode} ${`${'a'.repeat(40)} `.repeat(parents)}${blob}`
      parts.push(
        Buffer.from(`${index === 0 ? '\n' : ''}${':'.repeat(parents)}${olds} ${'M'.repeat(parents)}\0`),
        path,
      )
      parts.push(Buffer.from('\0'))
    }
    parts.push(Buffer.from('\0'))
  }
  return Buffer.concat(parts)
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size))
}

async function all(changes: AsyncIterable<LoggedChange>): Promise<LoggedChange[]> {
  const list = []
  for await (const one of changes) list.push(one)
  return list
}

describe('the reader of the raw log', () => {
  it('gives back every file of every commit, wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(commit, { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (commits, size) => {
          const read = await all(readRawLog(inPieces(write(commits), size)))

          const expected = commits.flatMap((one) =>
            one.changes
              .filter(({ mode }) => mode.startsWith('1') && mode !== '160000')
              .map(({ blob, path }) => ({
                commit: one.id,
                author: one.name,
                blob,
                path: path.toString('hex'),
              })),
          )
          const got = read.map(({ commit, blob, path }) => ({
            commit: commit.id,
            author: commit.authorName,
            blob,
            path: path.toString('hex'),
          }))
          expect(got).toEqual(expected)
        },
      ),
    )
  })

  it('gives back only what is wanted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(commit, { maxLength: 5 }), fc.nat(), async (commits, pick) => {
        const everything = await all(readRawLog(inPieces(write(commits), 30)))
        const wanted = new Set(
          everything.filter((_, index) => index % 3 === pick % 3).map(({ blob }) => blob),
        )

        const read = await all(readRawLog(inPieces(write(commits), 30), wanted))

        expect(read).toEqual(everything.filter(({ blob }) => wanted.has(blob)))
      }),
    )
  })

  it('refuses any other bytes or reads them as nothing, and never fails otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const outcome = await all(readRawLog(inPieces(Buffer.from(bytes), 7))).then(
          (changes) => changes.length,
          (error: { code?: string }) => error.code,
        )

        expect([0, 'git_failed']).toContain(outcome)
      }),
    )
  })

  it('refuses a log that is cut off', async () => {
    const log = write([
      {
        id: 'b'.repeat(40),
        name: 'R',
        email: 'r@example.com',
        time: '1',
        changes: [{ parents: 1, mode: '100644', blob: 'c'.repeat(40), path: Buffer.from('some/path') }],
      },
    ])

    for (const length of [20, 60, log.length - 5]) {
      await expect(all(readRawLog(inPieces(log.subarray(0, length), 10)))).rejects.toMatchObject({
        code: 'git_failed',
      })
    }
  })
})
