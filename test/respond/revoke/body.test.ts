/** The bytes of a webhook, held to GitHub's signed samples. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Place } from '../../../src/model/blob.ts'
import { AppError } from '../../../src/model/errors.ts'
import { describePlace, encodeBody, type RevokeMatch } from '../../../src/respond/revoke/body.ts'

const match: RevokeMatch = {
  url: 'https://example.com/base-repo-url/',
  type: 'some_type',
  token: 'some_token',
  source: 'commit',
}

describe('encodeBody', () => {
  it("gives GitHub's published sample to the byte", () => {
    expect(encodeBody('github', [match]).toString()).toBe(
      '[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base-repo-url/"}]',
    )
  })

  it('leaves the source out for GitLab', () => {
    expect(encodeBody('gitlab', [match]).toString()).toBe(
      '[{"type":"some_type","token":"some_token","url":"https://example.com/base-repo-url/"}]',
    )
  })

  it('keeps every token as it is, with four string members', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (token) => {
        const [record] = JSON.parse(encodeBody('github', [{ ...match, token }]).toString()) as object[]
        expect(record).toEqual({ ...match, token })
      }),
    )
  })

  it.each([
    ['nothing', []],
    ['two types', [match, { ...match, type: 'other' }]],
    ['101 matches', Array.from({ length: 101 }, () => match)],
    ['more than 256 KiB', [{ ...match, token: 'x'.repeat(262_144) }]],
  ])('refuses %s', (_name, matches) => {
    expect(() => encodeBody('github', matches)).toThrow(AppError)
  })
})

describe('describePlace', () => {
  const commit: Place = {
    type: 'commit',
    path: 'a',
    public: true,
    url: 'https://github.example/a/b/blob/c/a',
  }

  it.each<[string, Place[], { url: string; source: string }]>([
    ['a public commit', [commit], { url: commit.url ?? '', source: 'commit' }],
    ['a private commit', [{ ...commit, public: false }], { url: '', source: 'commit' }],
    [
      'a blob of code search',
      [{ ...commit, type: 'github_blob' }],
      { url: commit.url ?? '', source: 'content' },
    ],
    [
      'an object anybody may read',
      [{ type: 's3_object', path: 'k', public: true, url: 'https://b.s3.example/k' }],
      { url: 'https://b.s3.example/k', source: 'unknown' },
    ],
    [
      'a presigned address',
      [{ type: 's3_object', path: 'k', public: true, url: 'https://b.s3.example/k?X-Amz-Signature=1' }],
      { url: '', source: 'unknown' },
    ],
    [
      'an address with a password',
      [{ ...commit, url: 'https://u:p@git.example/' }],
      { url: '', source: 'commit' },
    ],
    ['a plain http address', [{ ...commit, url: 'http://git.example/' }], { url: '', source: 'commit' }],
    ['a file', [{ type: 'file', path: '/home/x' }], { url: '', source: 'unknown' }],
    ['no place', [], { url: '', source: 'unknown' }],
  ])('of %s', (_name, places, expected) => {
    expect(describePlace(places)).toEqual(expected)
  })

  it('prefers the place that may be told', () => {
    expect(describePlace([{ type: 'file', path: 'x' }, commit]).url).toBe(commit.url)
  })
})
