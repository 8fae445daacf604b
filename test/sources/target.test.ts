import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/model/errors.ts'
import { isListing } from '../../src/model/target.ts'
import { firstTask, parseTarget } from '../../src/sources/target.ts'

function refusal(text: string): AppError {
  try {
    parseTarget(text)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`${text} was taken`)
}

describe('a target', () => {
  test.each([
    ['-', { type: 'stdin' }],
    ['.', { type: 'path', path: '.' }],
    ['/srv/data with spaces', { type: 'path', path: '/srv/data with spaces' }],
    ['./git:x', { type: 'path', path: './git:x' }],
    ['--upload-pack=x', { type: 'path', path: '--upload-pack=x' }],
    ['git:.', { type: 'git', location: '.' }],
    ['git:https://example.org/a/b.git', { type: 'git', location: 'https://example.org/a/b.git' }],
    ['git:file:///srv/a.git', { type: 'git', location: 'file:///srv/a.git' }],
    ['git:./-x', { type: 'git', location: './-x' }],
    ['github:acme', { type: 'github', owner: 'acme' }],
    ['github:acme/', { type: 'github', owner: 'acme' }],
    ['github:acme/shop.js', { type: 'github', owner: 'acme', repo: 'shop.js' }],
    ['github:jane_acme/x', { type: 'github', owner: 'jane_acme', repo: 'x' }],
    ['github-search: acme_key  ', { type: 'github-search', query: 'acme_key' }],
    ['s3://backups', { type: 's3', bucket: 'backups', prefix: '' }],
    ['s3://backups/', { type: 's3', bucket: 'backups', prefix: '' }],
    ['s3://backups/2026/a b', { type: 's3', bucket: 'backups', prefix: '2026/a b' }],
    ['s3://backups//odd\nkey', { type: 's3', bucket: 'backups', prefix: '/odd\nkey' }],
  ])('%j is read as what it names', (text, target) => {
    expect(parseTarget(text)).toEqual(target)
  })

  test.each([
    ['', /empty/],
    ['a\0b', /NUL/],
    ['git:', /needs a path/],
    ['git:--upload-pack=x', /option of git/],
    ['git:-c', /option of git/],
    ['git:ext::sh -c id', /transport helper/],
    ['git:fd::17', /transport helper/],
    ['git:git@github.com:acme/shop.git', /ssh/],
    ['git:ssh://git@github.com/acme/shop', /not read over "ssh"/],
    ['git:git://example.org/a', /not read over "git"/],
    ['git:https://', /not a valid URL/],
    ['github:', /github:OWNER/],
    ['github:-acme', /github:OWNER/],
    ['github:acme/shop/tree', /github:OWNER/],
    ['github:acme/..', /not the name/],
    ['github:acme/a b', /not the name/],
    ['github-search:   ', /needs a query/],
    [`github-search:${'x'.repeat(257)}`, /at most 256/],
    ['s3:backups', /s3:\/\/BUCKET/],
    ['s3://', /s3:\/\/BUCKET/],
    ['s3://a', /s3:\/\/BUCKET/],
    ['s3://bu cket/x', /s3:\/\/BUCKET/],
    ['https://github.com/acme/shop', /git:URL/],
    ['file:///etc', /git:URL/],
  ])('%j is refused with what is wrong', (text, message) => {
    const error = refusal(text)

    expect(error.code).toBe('usage')
    expect(error.message).toMatch(message)
  })

  test('a URL that holds a password is refused without repeating it', () => {
    const password = ['hunter', 'two'].join('-')

    const error = refusal(`git:https://jane:${password}@example.org/a.git`)

    expect(error.message).toMatch(/GITHUB_TOKEN/)
    expect(error.message).not.toContain(password)
  })

  test('control characters of a refused target are escaped in the message', () => {
    const error = refusal('github:\u001b[2Jx')

    expect(error.message).toContain(String.raw`\u001b[2Jx`)
    expect(error.message).not.toContain('\u001b')
  })

  test('whatever is typed becomes a target with a first task or a usage error', () => {
    const prefix = fc.constantFrom('', 'git:', 'github:', 'github-search:', 's3:', 's3://', 'https://')
    fc.assert(
      fc.property(prefix, fc.string({ unit: 'binary', maxLength: 40 }), (start, rest) => {
        try {
          const target = parseTarget(start + rest)
          const task = firstTask(target)

          expect(task.kind).toBeTypeOf('string')
          if (task.kind === 'git') expect(task.location.startsWith('-')).toBe(false)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect((error as AppError).code).toBe('usage')
        }
      }),
    )
  })
})

describe('the first task of a target', () => {
  test.each([
    ['.', 'path', false],
    ['-', 'stdin', false],
    ['git:.', 'git', false],
    ['github:acme', 'github-owner-page', true],
    ['github:acme/shop', 'github-repository', true],
    ['github-search:acme', 'github-search-slice', true],
    ['s3://backups/x', 's3-list-page', true],
  ])('of %s is %s', (text, kind, listing) => {
    const task = firstTask(parseTarget(text))

    expect(task.kind).toBe(kind)
    expect(isListing(task)).toBe(listing)
  })

  test('of a git URL names the URL for people, of a git path does not', () => {
    expect(firstTask(parseTarget('git:https://example.org/a.git'))).toMatchObject({
      repository: 'https://example.org/a.git',
      url: 'https://example.org/a.git',
    })
    expect(firstTask(parseTarget('git:/srv/a'))).toMatchObject({ repository: '/srv/a', url: null })
  })
})
