import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excluder } from '../../src/cli/exclude.ts'

describe('--exclude', () => {
  test.each([
    ['node_modules', 'a/node_modules/b/c.js', true],
    ['node_modules', 'a/node_modules_old/c.js', false],
    ['*.png', 'img/logo.png', true],
    ['*.png', 'img/logo.png.txt', false],
    ['*.{png,jpg}', 'a/b.jpg', true],
    ['*.{png,jpg}', 'a/b.gif', false],
    ['docs/*.md', 'x/docs/a.md', true],
    ['docs/*.md', 'x/docs/deep/a.md', false],
    ['docs/**/*.md', 'docs/deep/er/a.md', true],
    ['docs/**/*.md', 'docs/a.md', true],
    ['docs/', 'docs/a.md', true],
    ['/srv/a', '/srv/a/b', true],
    ['/a', '/srv/a/b', false],
    ['?.txt', 'a/b.txt', true],
    ['?.txt', 'a/bc.txt', false],
    ['[a-c].txt', 'b.txt', true],
    ['[!a-c].txt', 'b.txt', false],
    ['[!a-c].txt', 'd.txt', true],
    ['[].txt', '[].txt', false],
    ['a[b', 'a[b', true],
    [String.raw`\*`, '*', true],
    [String.raw`\*`, 'x', false],
    ['./build', 'build/x', true],
    ['é*', 'être/x', false],
    ['ê*', 'être/x', true],
    ['?', '😀', true],
  ])('%j on %j says %s', (glob, path, expected) => {
    expect(excluder([glob])(path)).toBe(expected)
  })

  test('one of several globs is enough, and none leaves nothing out', () => {
    expect(excluder(['*.a', '*.b'])('x.b')).toBe(true)
    expect(excluder([])('x.b')).toBe(false)
  })

  test.each(['', '/', '{,}{,}'])('%j names nothing and is refused', (glob) => {
    expect(() => excluder([glob])).toThrow(/names something/)
  })

  test('braces that multiply without end are refused', () => {
    expect(() => excluder(['{a,b}'.repeat(20)])).toThrow(/fewer braces/)
  })

  test('many stars against a long name end in time that grows with their product', () => {
    const glob = `${'*a'.repeat(40)}b`

    expect(excluder([glob])('a'.repeat(20_000))).toBe(false)
  })

  test('a path without special characters excludes itself and all below it', () => {
    const name = fc.stringMatching(/^[a-z0-9_-]{1,8}$/)
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), name, (names, below) => {
        const path = names.join('/')

        expect(excluder([path])(path)).toBe(true)
        expect(excluder([path])(`${path}/${below}`)).toBe(true)
        expect(excluder([`/${path}`])(`/${path}`)).toBe(true)
        expect(excluder(['**'])(path)).toBe(true)
      }),
    )
  })

  test('stars agree with a regular expression of the same meaning', () => {
    const letters = fc.stringMatching(/^[ab]{0,8}$/)
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*?]{1,6}$/), letters, (glob, name) => {
        fc.pre(name !== '' && glob !== '**')
        const twin = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`)

        expect(excluder([glob])(name)).toBe(twin.test(name))
      }),
    )
  })
})
