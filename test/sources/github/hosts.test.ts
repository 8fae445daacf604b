import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFullName, quote, trustedCloneUrl, trustedPageUrl } from '../../../src/sources/github/hosts.ts'

const origin = 'https://github.com'
const name = { owner: 'acme', repo: 'web' }
/** Text that is nearly an address, which random text never is. */
const nearly = fc
  .array(
    fc.constantFrom(
      'https://',
      'http://',
      'github.com',
      'evil.test',
      '/',
      '\\\\',
      '@',
      ':',
      '?',
      '#',
      '.git',
      'acme',
      'web',
      '..',
      '%2f',
      '-',
    ),
    { maxLength: 9 },
  )
  .map((parts) => parts.join(''))

describe('names and addresses from answers', () => {
  test('a clone address that is taken leads to the repository on a trusted host, without credentials', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string(), fc.webUrl()), (text) => {
        const taken = trustedCloneUrl(text, name, [origin])
        if (taken === null) return
        const url = new URL(taken)
        expect(url.origin).toBe(origin)
        expect(url.username + url.password).toBe('')
        expect(['/acme/web', '/acme/web.git']).toContain(url.pathname.toLowerCase())
      }),
    )
  })

  test.each(['https://github.com/acme/web.git', 'https://github.com/ACME/web'])('%s is taken', (text) => {
    expect(trustedCloneUrl(text, name, [origin])).toBe(text)
  })

  test('a page address that is taken is on a trusted host', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.webUrl()), (text) => {
        const taken = trustedPageUrl(text, [origin])
        if (taken !== null) expect(new URL(taken).origin).toBe(origin)
      }),
    )
  })

  test('a name that is taken is two plain parts and no way up', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        const parsed = parseFullName(text)
        if (parsed === null) return
        expect(`${parsed.owner}/${parsed.repo}`).toBe(text)
        expect(text).toMatch(/^[A-Za-z0-9][\w-]*\/[\w.-]+$/)
        expect(['.', '..']).not.toContain(parsed.repo)
      }),
    )
  })

  test('quoted text is short and holds no control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(quote(text)).not.toMatch(/[\u0000-\u001f]/)
        expect(quote(text).length).toBeLessThan(800)
      }),
    )
  })
})
