/** Mail texts: everything an owner needs, nothing that can be clicked, nothing that a leaker can inject. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, composeMail, type MailItem } from '../../../src/respond/notify/compose.ts'

const item: MailItem = {
  kind: 'personal access token (classic)',
  issuer: 'GitHub',
  secretRedacted: 'ghp_••••',
  fingerprint: 'f'.repeat(64),
  places: [
    {
      type: 'commit',
      path: 'src/config.ts',
      repository: 'acme/web',
      commit_sha: 'c'.repeat(40),
      url: 'https://github.example/acme/web/blob/c/src/config.ts',
      public: true,
    },
    { type: 's3_object', path: 'a.zip', bucket: 'backups', key: 'a.zip', archive_path: 'deploy.env' },
  ],
  response: 'confirmed',
  respondedAt: new Date('2026-11-24T12:00:00Z'),
}

describe('a mail', () => {
  it('says what leaked, where, what was done and what to do', () => {
    const { subject, text } = composeMail([item])

    expect(subject).toBe('Leaked credential: GitHub personal access token (classic) (ghp_••••)')
    expect(text).toContain('repository acme/web, src/config.ts, commit ccccccccccc… (public)')
    expect(text).toContain('bucket backups, key a.zip, inside it deploy.env')
    expect(text).toContain('GitHub was told and disabled it (2026-11-24T12:00:00Z).')
    expect(text).toContain('Create a new credential')
  })

  it('holds no address of the leak', () => {
    expect(composeMail([item]).text).not.toContain('://')
    expect(composeMail([item]).text).not.toContain('github.example')
  })

  it.each([
    ['submitted', 'it has not confirmed yet'],
    ['failed', 'could not be disabled'],
    [null, 'it still works'],
  ] as const)('about a response that is %s says so and asks to disable it', (response, words) => {
    const { text } = composeMail([{ ...item, response }])
    expect(text).toContain(words)
    expect(text).toContain('Disable the credential at its issuer')
  })

  it('about several is a digest that lists each', () => {
    const { subject, text } = composeMail(Array.from({ length: 6 }, () => item))
    expect(subject).toBe('6 leaked credentials')
    expect(text.match(/Credential: /g)).toHaveLength(6)
    expect(text.match(/What to do now/g)).toHaveLength(1)
  })

  it('about very many lists a hundred and counts the rest', () => {
    const { text } = composeMail(Array.from({ length: 103 }, () => item))
    expect(text.match(/Credential: /g)).toHaveLength(100)
    expect(text).toContain('And 3 more')
  })

  it('names twenty places and counts the rest', () => {
    const places = Array.from({ length: 25 }, () => ({ type: 'file' as const, path: 'x' }))
    const { text } = composeMail([{ ...item, places }])
    expect(text.match(/ {2}- file x/g)).toHaveLength(20)
    expect(text).toContain('and 5 more')
  })

  it('cannot be given a line, a header or a link by the names of places', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const nasty = `${name}\r\nBcc: a@b.c\nhttps://evil.example/ ${name}`
        const place = { ...item.places[0], type: 'commit' as const, path: nasty, repository: nasty }
        const { subject, text } = composeMail([{ ...item, places: [place], kind: nasty, issuer: nasty }])
        // eslint-disable-next-line no-control-regex
        expect(subject).not.toMatch(/[\u0000-\u001f]/)
        expect(text).not.toMatch(/^Bcc:/m)
        expect(text).not.toContain('://')
      }),
    )
  })
})

it('clean cuts to its length and hides what steers text', () => {
  expect(clean('a\u202Eb\u0000c', 10)).toBe('a\uFFFDb\uFFFDc')
  expect(clean('abcdef', 4)).toBe('abc…')
  expect(clean('see www.evil.example', 40)).toBe('see www[.]evil.example')
  expect(clean('\uD800', 4)).toBe('\uFFFD')
})
