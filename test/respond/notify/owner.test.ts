/** Who is told: the order of the steps, and that forged or machine addresses get nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Place } from '../../../src/model/blob.ts'
import { isNobody, parseAddress } from '../../../src/respond/notify/address.ts'
import { globMatches, readDirectory } from '../../../src/respond/notify/directory.ts'
import { chooseOwners, type OwnerSettings } from '../../../src/respond/notify/owner.ts'

const settings: OwnerSettings = {
  directory: [{ place: 'acme/payments/**', address: 'payments@acme.example' }],
  ownerDomains: ['acme.example'],
  securityTeam: 'security@acme.example',
}
const commit: Place = {
  type: 'commit',
  path: 'src/config.ts',
  repository: 'acme/web',
  author_email: 'Dana@ACME.example',
}
const object: Place = {
  type: 's3_object',
  path: 'k',
  bucket: 'b',
  key: 'k',
  owner_hint: 'storage@acme.example',
}
const chosen = (...places: Place[]) => chooseOwners(places, settings).map((o) => [o.address, o.chosenBy])

describe('the owner', () => {
  it.each<[string, Place[], string[][]]>([
    [
      'of the directory comes first',
      [{ ...commit, repository: 'acme/payments' }, object],
      [['payments@acme.example', 'directory']],
    ],
    ['is the author of the commit', [commit], [['dana@acme.example', 'commit_author']]],
    [
      'is the author rather than the bucket tag, in one mail',
      [object, commit],
      [['dana@acme.example', 'commit_author']],
    ],
    [
      'is told once for many places',
      [commit, { ...commit, path: 'b' }],
      [['dana@acme.example', 'commit_author']],
    ],
    ['is the one the bucket names', [object], [['storage@acme.example', 'bucket_tag']]],
    [
      'of nothing is the security team',
      [{ type: 'file', path: 'x' }],
      [['security@acme.example', 'security_team']],
    ],
  ])('%s', (_name, places, expected) => {
    expect(chosen(...places)).toEqual(expected)
  })

  it.each([
    'dana@elsewhere.example',
    'dana@acme.example.evil.example',
    'dana@sub.acme.example',
    'dana@acme.example@evil.example',
    '12345+dana@users.noreply.github.com',
    'noreply@acme.example',
    'no-reply@acme.example',
    'dependabot[bot]@acme.example',
    'release-bot@acme.example',
    'dana@acme.example\r\nBcc: all@acme.example',
    'a@acme.example, b@acme.example',
    'Dana <dana@acme.example>',
    '"dana@acme.example',
    '@acme.example',
    '',
  ])('is never the forged or useless author %j', (author_email) => {
    expect(chosen({ ...commit, author_email })).toEqual([['security@acme.example', 'security_team']])
  })

  it('named by a bucket tag counts on an allowed domain only', () => {
    expect(chosen({ ...object, owner_hint: 'x@evil.example' })).toEqual([
      ['security@acme.example', 'security_team'],
    ])
  })

  it('is nobody where no security team is set', () => {
    expect(chooseOwners([{ type: 'file', path: 'x' }], { ...settings, securityTeam: null })).toEqual([])
  })

  it('of a storm of authors is five at most', () => {
    const places = Array.from({ length: 50 }, (_, n) => ({ ...commit, author_email: `a${n}@acme.example` }))
    expect(chosen(...places)).toHaveLength(5)
  })
})

it('an address never holds what could start a header or another recipient', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
      const address = parseAddress(text)
      if (address !== null) expect(address).toMatch(/^[^\s,;<>()"\\[\]:@]+@[a-zA-Z0-9.-]+$/)
    }),
    { numRuns: 1000 },
  )
})

it('people with bot-like names are people', () => {
  expect(isNobody('abbot@acme.example')).toBe(false)
  expect(isNobody('robot@acme.example')).toBe(false)
  expect(isNobody('rootham@acme.example')).toBe(false)
})

describe('a glob', () => {
  it.each([
    ['acme/web/*', 'acme/web/a', true],
    ['acme/web/*', 'acme/web/a/b', false],
    ['acme/web/**', 'acme/web/a/b', true],
    ['**/secrets/*.env', 'acme/web/x/secrets/prod.env', true],
    ['**/secrets/*.env', 'acme/web/x/secrets/prod.yml', false],
    ['s3://logs/**', 's3://logs/2026/a', true],
    ['acme/web', 'acme/web', true],
    ['acme/w.b', 'acme/web', false],
    ['*', '', true],
    ['', 'a', false],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected)
  })

  it('agrees with the regular expression it stands for', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '/', '*'), { maxLength: 8 })
    fc.assert(
      fc.property(letters, fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 }), (p, t) => {
        const pattern = p.join('').replace(/\*{3,}/g, '**')
        const twin = pattern.replace(/\*\*|\*/g, (star) => (star === '*' ? '[^/]*' : '.*'))
        expect(globMatches(pattern, t.join(''))).toBe(new RegExp(`^${twin}$`).test(t.join('')))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the directory file', () => {
  async function withFile<T>(content: string, work: (file: string) => Promise<T>): Promise<T> {
    const dir = await mkdtemp(join(tmpdir(), 'keyrecall-owners-'))
    try {
      await writeFile(join(dir, 'owners.json'), content)
      return await work(join(dir, 'owners.json'))
    } finally {
      await rm(dir, { recursive: true })
    }
  }

  it('is a JSON list whose first match wins', async () => {
    const content = '{"owners":[{"place":"acme/**","address":"one@acme.example"}]}'
    expect(await withFile(content, readDirectory)).toEqual([
      { place: 'acme/**', address: 'one@acme.example' },
    ])
  })

  it.each(['', '[]', '{"owners":[{"place":"a","address":"not an address"}]}', '{"owners":[{"place":""}]}'])(
    'that says %j is refused with its name',
    async (content) => {
      await expect(withFile(content, readDirectory)).rejects.toMatchObject({
        code: 'config',
        message: expect.stringContaining('owners.json'),
      })
    },
  )
})
