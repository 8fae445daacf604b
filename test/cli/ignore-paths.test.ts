import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decidingPattern, pathPattern } from '../../src/cli/ignore-paths.ts'

function ignores(lines: readonly string[], path: string): boolean {
  const patterns = lines.flatMap((line) => {
    const pattern = pathPattern(line)
    return pattern === null ? [] : [{ pattern }]
  })
  const found = decidingPattern(patterns, path)
  return found !== null && !found.pattern.negated
}

describe('patterns of an allow file', () => {
  test.each<[string[], string, boolean]>([
    [['*.pem'], 'a/b/c.pem', true],
    [['*.pem'], 'a/b.pem/c', true],
    [['/a.pem'], 'x/a.pem', false],
    [['/a.pem'], 'a.pem', true],
    [['docs/*.md'], 'docs/a.md', true],
    [['docs/*.md'], 'x/docs/a.md', false],
    [['docs/*.md'], 'docs/x/a.md', false],
    [['test/'], 'a/test/b', true],
    [['test/'], 'a/test', false],
    [['**/keys'], 'a/b/keys/c', true],
    [['a/**'], 'a/b/c', true],
    [['a/**'], 'a', false],
    [['a/**/z'], 'a/z', true],
    [['a/**/z'], 'a/b/c/z', true],
    [['*', '!keep'], 'keep', false],
    [['*.env', '!sample.env'], 'x/sample.env', false],
    [['*.env', '!sample.env', 'old/'], 'old/sample.env', true],
    [['dir/', '!dir/keep'], 'dir/keep', true],
    [['dir/*', '!dir/keep'], 'dir/keep', false],
    [[String.raw`\!odd`], '!odd', true],
    [[String.raw`\#odd`], '#odd', true],
    [['[ab].txt'], 'b.txt', true],
    [['?.txt'], 'bb.txt', false],
  ])('%j on %j says %s', (lines, path, expected) => {
    expect(ignores(lines, path)).toBe(expected)
  })

  test.each(['/', '!', '!/'])('%j names nothing', (text) => {
    expect(pathPattern(text)).toBeNull()
  })

  test('many stars against a long path end in time that grows with their product', () => {
    const pattern = `${'**/a*'.repeat(20)}/${'*a'.repeat(30)}b`

    expect(ignores([pattern], `${'aa/'.repeat(300)}${'a'.repeat(5_000)}`)).toBe(false)
  })

  describe('and git itself', () => {
    let dir: string

    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'keyrecall-ignore-'))
      execFileSync('git', ['init', '-q', dir])
    })

    afterAll(() => {
      rmSync(dir, { recursive: true, force: true })
    })

    test('say the same of what git calls ignored', () => {
      const name = fc.stringMatching(/^[ab]{1,2}$/)
      const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))
      const part = fc.oneof(name, fc.constantFrom('*', '**', 'a*', '?', '[ab]', '*b'))
      const pattern = fc
        .tuple(
          fc.constantFrom('', '!'),
          fc.constantFrom('', '/'),
          fc.array(part, { minLength: 1, maxLength: 3 }),
          fc.constantFrom('', '/'),
        )
        .map(([not, root, parts, folder]) => `${not}${root}${parts.join('/')}${folder}`)
      const paths = fc.uniqueArray(path, { minLength: 1, maxLength: 12 })
      fc.assert(
        fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), paths, (lines, asked) => {
          writeFileSync(join(dir, '.gitignore'), `${lines.join('\n')}\n`)

          const answer = gitIgnored(dir, asked)

          expect(asked.filter((one) => ignores(lines, one))).toEqual(asked.filter((one) => answer.has(one)))
        }),
        { seed: 6, numRuns: 60 },
      )
    })
  })
})

/** None of the paths exists, so git takes each for a file. */
function gitIgnored(dir: string, paths: readonly string[]): Set<string> {
  try {
    const input = `${paths.join('\n')}\n`
    const stdio: ['pipe', 'pipe', 'ignore'] = ['pipe', 'pipe', 'ignore']
    const out = execFileSync('git', ['check-ignore', '--stdin'], { cwd: dir, input, encoding: 'utf8', stdio })
    return new Set(out.split('\n'))
  } catch {
    // Status 1: it ignores none of them.
    return new Set()
  }
}
