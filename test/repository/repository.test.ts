import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let files: string[]

beforeAll(() => {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  files = listed.split('\0').filter((file) => file !== '')
})

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function sources(): string[] {
  return files.filter((file) => file.endsWith('.ts'))
}

describe('the repository', () => {
  test('lists every detector file in the index', () => {
    const index = read('detectors/index.ts')
    const present = readdirSync(join(root, 'detectors')).filter(
      (file) => file.endsWith('.ts') && file !== 'index.ts',
    )

    const missing = present.filter((file) => !index.includes(`'./${file}'`))

    expect(present.length).toBeGreaterThan(5)
    expect(missing).toEqual([])
  })

  test('gives every detector an id of its own', () => {
    const ids = detectors.map((detector) => detector.id)

    expect(new Set(ids).size).toBe(ids.length)
  })

  test('holds no credential that a scanner would report', () => {
    const engine = createEngine(detectors)

    // Made-up vectors in base64: our own decoder sees through that, which is what they are for.
    const scanned = files.filter((file) => file !== 'fixtures/token-vectors.jsonl')

    const found = scanned.flatMap((file) =>
      engine
        .scanBytes(readFileSync(join(root, file)))
        .hits.filter((hit) => hit.confidence !== 'low' || hit.checkPassed === true)
        .map((hit) => `${file}:${hit.span.start_line} ${hit.detector}`),
    )

    expect(files.length).toBeGreaterThan(50)
    expect(found).toEqual([])
  })

  test('has a lock file that names no host', () => {
    const lock = read('package-lock.json')

    expect(lock).not.toMatch(/"resolved":/)
    expect(lock).not.toMatch(/https?:\/\/[^"]*regist/)
  })

  test('pins every dependency to one version', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >

    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    )

    expect(loose).toEqual([])
  })

  test('keeps files short enough to read', () => {
    const lines = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length

    const long = sources().filter((file) => lines(read(file)) > 450)

    expect(long).toEqual([])
  })

  // Put together here, so that this file does not hold what it looks for.
  test.each([
    ['as', ' any'],
    ['@ts', '-ignore'],
    ['@ts', '-nocheck'],
    ['.on', 'ly('],
    ['.sk', 'ip('],
    ['.to', 'do('],
    ['TO', 'DO'],
    ['FIX', 'ME'],
    ['debug', 'ger'],
  ])('holds nowhere the words %j + %j', (start, end) => {
    const word = new RegExp(
      `${/^\w/.test(start) ? String.raw`\b` : ''}${escape(start + end)}${/\w$/.test(end) ? String.raw`\b` : ''}`,
    )

    const holding = sources().filter((file) => word.test(withoutComments(read(file), start + end)))

    expect(holding).toEqual([])
  })

  test('opens every file of the program with what it is for', () => {
    const silent = sources().filter(
      (file) => /^(?:src|detectors)\//.test(file) && !/^(?:#!.*\n)?\/\*\*|^(?:#!.*\n)?\/\//.test(read(file)),
    )

    expect(silent).toEqual([])
  })

  test('has no file named after nothing', () => {
    const vague = sources().filter((file) =>
      /(?:^|\/)(?:utils?|helpers?|common|lib|misc|manager)(?:\/|\.ts$)/.test(file),
    )

    expect(vague).toEqual([])
  })
})

/** Prose may speak of "any"; a left-over marker counts wherever it stands. */
function withoutComments(text: string, word: string): string {
  if (!word.endsWith('any')) return text
  return text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

function escape(text: string): string {
  return text.replaceAll(/[.()]/g, String.raw`\$&`)
}
