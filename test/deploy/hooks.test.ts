import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { declareScanOptions } from '../../src/cli/scan-options.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/src/main.js')
const token = mintFor('npm-access-token', seededRandom(31))

const [hook] = z
  .array(z.object({ id: z.string(), entry: z.string(), language: z.string(), pass_filenames: z.boolean() }))
  .parse(parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')))

const action = z
  .object({
    inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
    runs: z.object({
      using: z.literal('composite'),
      steps: z.array(
        z.object({
          run: z.string(),
          env: z.record(z.string(), z.string()).optional(),
          shell: z.literal('bash'),
        }),
      ),
    }),
  })
  .parse(parse(readFileSync(join(root, 'action.yml'), 'utf8')))
const scanStep = action.runs.steps[1]

let dir: string
let work: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keyrecall-hooks-'))
  work = join(dir, 'work')
  mkdirSync(work)
  git('init', '-q', '-b', 'main')
})

afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

function environment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    KEYRECALL_HOME: join(dir, 'home'),
    GIT_AUTHOR_NAME: 'Jo',
    GIT_AUTHOR_EMAIL: 'jo@acme.example',
    GIT_COMMITTER_NAME: 'Jo',
    GIT_COMMITTER_EMAIL: 'jo@acme.example',
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: work, env: environment(), encoding: 'utf8', stdio: 'pipe' })
}

function write(path: string, text: string): void {
  writeFileSync(join(work, path), text)
}

function scan(...args: string[]) {
  return spawnSync(process.execPath, [main, 'scan', ...args], {
    cwd: work,
    env: environment(),
    encoding: 'utf8',
  })
}

/** The options in a command line that `keyrecall scan` does not have. */
function unknownOptions(line: string): string[] {
  const command = new Command()
  declareScanOptions(command)
  const known = new Set(command.options.map((option) => option.long))
  return [...line.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)]
    .map(([name]) => name)
    .filter((name) => !known.has(name))
}

describe('what is staged', () => {
  test('is scanned as it would be committed, whatever the working tree holds', () => {
    write('a.env', token)
    git('add', '.')
    write('a.env', 'harmless')

    expect(JSON.parse(scan('--staged').stdout)).toMatchObject({
      places: [{ type: 'file', path: 'a.env', start_line: 1 }],
    })
    git('add', '.')
    write('a.env', token)
    expect(scan('--staged').status).toBe(0)
  })

  test('is only what changes, and not what is gone', () => {
    write('old.env', token)
    git('add', '.')
    git('commit', '-qm', 'x')
    write('new.txt', 'harmless')
    git('add', '.')
    expect(scan('--staged').status).toBe(0)

    git('rm', '-q', 'old.env')
    expect(scan('--staged').status).toBe(0)
  })

  test('is named from the folder one stands in, large files and archives with it', () => {
    mkdirSync(join(work, 'sub'))
    write('big.txt', `${'harmless\n'.repeat(200_000)}${token}\n`)
    write('sub/b c.env', token)
    git('add', '.')

    const { stdout } = spawnSync(process.execPath, [main, 'scan', '--staged'], {
      cwd: join(work, 'sub'),
      env: environment(),
      encoding: 'utf8',
    })

    expect(JSON.parse(stdout)).toMatchObject({
      places: [{ path: '../big.txt', start_line: 200_001 }, { path: 'b c.env' }],
    })
  })

  test('heeds the allow file of the folder, and is refused outside of a repository', () => {
    write('a.env', token)
    git('add', '.')
    write('.keyrecallignore', '*.env\nnothing\n')

    const { status, stderr } = scan('--staged')

    expect(status).toBe(0)
    expect(stderr).not.toContain('matched nothing')
    rmSync(join(work, '.git'), { recursive: true })
    expect(scan('--staged')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('in no git repository') as string,
    })
  })
})

test('commits are scanned for what they brought, with who brought it', () => {
  write('a.env', 'harmless')
  git('add', '.')
  git('commit', '-qm', 'first')
  write('b.env', token)
  git('add', '.')
  git('commit', '-qm', 'second')

  const { stdout } = scan('--commits', 'HEAD~1..HEAD')

  expect(JSON.parse(stdout)).toMatchObject({
    places: [
      {
        type: 'commit',
        path: 'b.env',
        commit_sha: git('rev-parse', 'HEAD').trim(),
        author_email: 'jo@acme.example',
      },
    ],
  })
  expect(scan('--commits', 'HEAD~1').status).toBe(0)
  expect(scan('--commits', 'nowhere..HEAD').stderr).toContain('git knows no commits "nowhere..HEAD"')
  expect(scan('--commits=--output=x').status).toBe(2)
  expect(existsSync(join(work, 'x'))).toBe(false)
})

describe('the hook for pre-commit', () => {
  test('calls the program with options it has, and lets it read the index', () => {
    expect(hook?.entry).toMatch(/^keyrecall scan /)
    expect(unknownOptions(hook?.entry ?? '')).toEqual([])
    expect(hook).toMatchObject({ language: 'node', pass_filenames: false })
  })

  test('as a plain hook of git refuses a commit with a token, also one of a single file', () => {
    const bin = join(dir, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'keyrecall'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
    writeFileSync(join(work, '.git/hooks/pre-commit'), `#!/bin/sh\nexec ${hook?.entry}\n`)
    chmodSync(join(bin, 'keyrecall'), 0o755)
    chmodSync(join(work, '.git/hooks/pre-commit'), 0o755)
    const commit = (...args: string[]) =>
      spawnSync('git', ['commit', '-qm', 'x', ...args], {
        cwd: work,
        env: { ...environment(), PATH: `${bin}:${environment()['PATH']}` },
      }).status
    write('a.env', 'harmless')
    git('add', '.')
    expect(commit()).toBe(0)
    write('a.env', token)
    write('b.env', 'harmless')
    git('add', 'b.env')

    // Of `a.env` nothing is in the index but in the one that git makes for this commit.
    expect(commit('a.env')).toBe(1)
    expect(commit()).toBe(0)
  })
})

describe('the action', () => {
  test('calls the program with options it has, and puts no input into a script', () => {
    for (const step of action.runs.steps) expect(step.run).not.toContain('${{')
    const lines = (scanStep?.run ?? '').split('\n').filter((line) => /arguments|main\.js/.test(line))
    expect(lines.length).toBeGreaterThan(5)
    expect(unknownOptions(lines.join('\n'))).toEqual([])
    const named = Object.values(scanStep?.env ?? {}).flatMap(
      (value) => /inputs\.([\w-]+)/.exec(value)?.[1] ?? [],
    )
    expect(named.sort()).toEqual(Object.keys(action.inputs).sort())
  })

  function act(inputs: Record<string, string>) {
    const output = join(dir, 'output')
    writeFileSync(output, '')
    const all = {
      ...Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default])),
      ...inputs,
    }
    const given = Object.entries(all).map(([name, value]) => [
      `INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
      value,
    ])
    const run = spawnSync('bash', ['-eo', 'pipefail', '-c', scanStep?.run ?? ''], {
      cwd: work,
      env: {
        ...environment(),
        GITHUB_ACTION_PATH: root,
        GITHUB_OUTPUT: output,
        ...Object.fromEntries(given),
      },
      encoding: 'utf8',
    })
    return { ...run, output: readFileSync(output, 'utf8') }
  }

  test('fails on findings, writes them as SARIF and prints none of them', () => {
    write('a.env', token)

    const { status, stdout, stderr, output } = act({})

    expect(status).toBe(1)
    expect(output).toBe('sarif-file=keyrecall.sarif\nstatus=1\n')
    expect(stdout + stderr).toMatch(/^1 finding in /)
    expect(readFileSync(join(work, 'keyrecall.sarif'), 'utf8')).toContain('npm-access-token')
    expect(act({ 'fail-on-findings': 'false', exclude: '*.sarif' }).status).toBe(0)
    expect(act({ exclude: '*.env\n\n*.sarif' }).status).toBe(0)
    expect(act({ targets: 'gone', 'fail-on-findings': 'false' }).status).toBe(2)
  })

  test('scans what was pushed, also the first time', () => {
    write('a.env', token)
    git('add', '.')
    git('commit', '-qm', 'first')
    write('b.env', 'harmless')
    git('add', '.')
    git('commit', '-qm', 'second')

    expect(act({ targets: '', commits: 'HEAD~1..HEAD' }).status).toBe(0)
    expect(act({ targets: '', commits: `${'0'.repeat(40)}..HEAD` }).status).toBe(1)
  })

  test('takes what an input holds for a value, whatever it is', () => {
    const evil = '$(touch hit); touch hit; `touch hit`'

    act({
      targets: evil,
      exclude: evil,
      'sarif-file': evil.replaceAll(/\W/g, ''),
      'min-confidence': evil,
    })
    act({ targets: '--output=hit\n-', commits: evil, 'fail-on-findings': evil })

    expect(existsSync(join(work, 'hit'))).toBe(false)
  })
})
