import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { personText, writtenBy } from '../../../src/sources/git/object-text.ts'

const commit = Buffer.from(
  [
    `tree ${'a'.repeat(40)}`,
    `parent ${'b'.repeat(40)}`,
    'author Robin Example <robin@example.com> 1767225600 +0200',
    'committer Kim Example <kim@example.com> 1767229200 +0000',
    'gpgsig -----BEGIN PGP SIGNATURE-----',
    ' ',
    ` ${'c'.repeat(40)}`,
    ' -----END PGP SIGNATURE-----',
    'encoding UTF-8',
    '',
    'Say something',
    '',
    `tree ${'d'.repeat(40)}`,
  ].join('\n'),
)

describe('what people wrote in an object', () => {
  it('keeps names and message in place and blanks ids and signatures of the headers', () => {
    const text = personText(commit).toString()

    expect(text).toHaveLength(commit.length)
    expect(text).not.toMatch(/a{40}|b{40}|c{40}|PGP/)
    expect(text.indexOf('Robin')).toBe(commit.indexOf('Robin'))
    expect(text).toContain('encoding UTF-8')
    expect(text).toContain(`tree ${'d'.repeat(40)}`)
  })

  it('keeps length and lines whatever the object holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = personText(Buffer.from(bytes))

        expect(text).toHaveLength(bytes.length)
        for (const [at, byte] of bytes.entries()) {
          if (byte === 10) expect(text[at]).toBe(10)
        }
      }),
    )
  })

  it('names the author with the time of the commit', () => {
    expect(writtenBy(commit)).toEqual({
      name: 'Robin Example',
      email: 'robin@example.com',
      at: '2026-01-01T01:00:00.000Z',
    })
  })

  it('names the tagger of a tag', () => {
    const tag = Buffer.from(
      `object ${'a'.repeat(40)}\ntype commit\ntag v1\ntagger Kim <kim@example.com> 0 +0000\n\nHi`,
    )

    expect(writtenBy(tag)).toEqual({ name: 'Kim', email: 'kim@example.com', at: '1970-01-01T00:00:00.000Z' })
  })

  it('is no time where the object states an impossible one', () => {
    const strange = Buffer.from('author R <r@example.com> 99999999999999999999 +0000\n\nHi')

    expect(writtenBy(strange)).toEqual({ name: 'R', email: 'r@example.com' })
  })

  it('is nobody where the message only looks like a header', () => {
    expect(writtenBy(Buffer.from('tree x\n\nauthor R <r@example.com> 1 +0000'))).toBeNull()
  })
})
