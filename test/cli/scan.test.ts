import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import type { FindingRecord } from '../../src/model/finding.ts'
import { type CliOptions, type CliRun, jsonLines, runCli } from '../support/cli.ts'

const token = mintFor('github-pat-classic', seededRandom(11))
const other = mintFor('npm-access-token', seededRandom(12))

let root: string
let dir: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keyrecall-cli-'))
  dir = join(root, 'work')
  await mkdir(dir)
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

function run(args: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> {
  return runCli(args, { cwd: dir, home: join(root, 'home'), ...options })
}

async function plant(path: string, text: string | Buffer): Promise<void> {
  await mkdir(join(dir, path, '..'), { recursive: true })
  await writeFile(join(dir, path), text)
}

describe('a scan', () => {
  test('of an empty folder finds nothing, says so and leaves no trace', async () => {
    const { status, stdout, stderr } = await run(['scan', '.'])

    expect(status).toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^0 findings in 0 B \(0 blobs\), \d+\.\d\d s\n$/)
    expect(await readdir(root)).toEqual(['work'])
  })

  test('prints the fields of the contract for each finding', async () => {
    await plant('src/app.env', `# keys\nTOKEN=${token}\n`)

    const { status, stdout } = await run(['scan', '.'])

    const [finding, ...more] = jsonLines(stdout)
    expect(status).toBe(1)
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      detector: 'github-pat-classic',
      issuer: 'GitHub',
      kind: 'personal access token (classic)',
      check: 'checksum',
      check_passed: true,
      confidence: 'high',
      validity: 'unknown',
      places: [
        {
          type: 'file',
          path: 'src/app.env',
          start_line: 2,
          start_column: 7,
          end_line: 2,
          byte_start: 13,
          byte_end: 13 + token.length,
        },
      ],
    })
    expect(finding?.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(finding?.secret_redacted).not.toBe('')
  })

  test('never prints a credential, in no format and no file', async () => {
    await plant('a.env', `TOKEN=${token}\n`)

    for (const format of ['table', 'json', 'jsonl', 'sarif', 'csv', 'html']) {
      const { stdout, stderr } = await run([
        'scan',
        '.',
        '--format',
        format,
        '--stats',
        join(root, 'stats.json'),
      ])

      expect(stdout).not.toBe('')
      expect(stdout + stderr).not.toContain(token.slice(4))
      expect(await readFile(join(root, 'stats.json'), 'utf8')).not.toContain(token.slice(4))
    }
  })

  test('makes one finding of one credential with all its places, in an order that stays', async () => {
    await plant('b/two.txt', `x ${token}\ny ${token}\n`)
    await plant('a/one.txt', token)
    await plant('c.txt', other)

    const first = await run(['scan', 'b', 'c.txt', 'a', 'b'])
    const second = await run(['scan', 'a', 'b', 'c.txt', '--jobs', '1'])

    expect(jsonLines(first.stdout).map((finding) => finding.places.map((place) => place.path))).toEqual([
      ['a/one.txt', 'b/two.txt', 'b/two.txt'],
      ['c.txt'],
    ])
    expect(second.stdout).toBe(first.stdout)
  })

  test('reads standard input', async () => {
    const { status, stdout } = await run(['scan', '-'], { input: `key: ${token}` })

    expect(status).toBe(1)
    expect(jsonLines(stdout)[0]?.places).toMatchObject([{ type: 'stdin', start_column: 6 }])
  })

  test('reads the whole history of a repository, also what is gone from its files', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=Jo', '-c', 'user.email=jo@acme.example', ...args], {
        cwd: dir,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    git('init', '-q', '-b', 'main')
    await plant('old.env', `TOKEN=${token}`)
    git('add', '.')
    git('commit', '-q', '-m', 'first')
    git('rm', '-q', 'old.env')
    git('commit', '-q', '-m', 'second')
    const commit = git('rev-list', '--max-parents=0', 'HEAD').trim()

    const { status, stdout } = await run(['scan', 'git:.'])

    expect(status).toBe(1)
    expect(jsonLines(stdout)[0]?.places).toMatchObject([
      {
        type: 'commit',
        path: 'old.env',
        commit_sha: commit,
        author_email: 'jo@acme.example',
        start_column: 7,
      },
    ])
    expect((await run(['scan', '.'])).status).toBe(0)
    expect((await run(['scan', 'git:.', '--exclude', '*.env'])).status).toBe(0)
  })

  test('goes through binary files, invalid UTF-8 and archives', async () => {
    await plant('blob.bin', Buffer.concat([Buffer.from([0, 255, 254, 0, 195]), Buffer.from(` ${token} `)]))
    await plant('packed.gz', gzipSync(`k=${other}`))

    const { stdout } = await run(['scan', '.'])

    expect(jsonLines(stdout).map((finding) => finding.detector)).toEqual([
      'github-pat-classic',
      'npm-access-token',
    ])
  })

  test('reports a look-alike with a wrong checksum only when asked for low confidence', async () => {
    await plant('a.env', `TOKEN=${spoil(token)}`)

    const usual = await run(['scan', '.'])
    const low = await run(['scan', '.', '--min-confidence', 'low'])

    expect([usual.status, usual.stdout]).toEqual([0, ''])
    expect(usual.stderr).toContain('1 look-alike with a wrong checksum left out')
    expect(low.status).toBe(1)
    expect(jsonLines(low.stdout)[0]).toMatchObject({ confidence: 'low', check_passed: false })
  })

  test('escapes what a file name would do to a terminal', async () => {
    await plant('\u001b[2Jevil\n.env', token)

    const table = await run(['scan', '.', '--format', 'table'])
    const lines = await run(['scan', '.'])

    expect(table.stdout).toContain(String.raw`\u{1b}[2Jevil\n.env:1:1`)
    expect(table.stdout + table.stderr + lines.stdout + lines.stderr).not.toContain('\u001b')
    expect(jsonLines(lines.stdout)[0]?.places[0]?.path).toBe('\u001b[2Jevil\n.env')
  })
})

describe('options of a scan', () => {
  beforeEach(async () => {
    await plant('a.env', token)
    await plant('b.env', other)
  })

  test('--format json prints one array', async () => {
    const { stdout } = await run(['scan', '.', '--format', 'json'])

    expect((JSON.parse(stdout) as FindingRecord[]).map((finding) => finding.places[0]?.path)).toEqual([
      'a.env',
      'b.env',
    ])
  })

  test('--output writes the file and nothing to standard output', async () => {
    const { status, stdout } = await run(['scan', '.', '--output', '../out.jsonl'])

    expect([status, stdout]).toEqual([1, ''])
    expect(jsonLines(await readFile(join(root, 'out.jsonl'), 'utf8'))).toHaveLength(2)
  })

  test('--detectors looks for these alone', async () => {
    const { stdout } = await run(['scan', '.', '--detectors', 'npm-access-token'])

    expect(jsonLines(stdout).map((finding) => finding.detector)).toEqual(['npm-access-token'])
  })

  test('--exclude leaves out and counts; --strict makes that a 2', async () => {
    const usual = await run(['scan', '.', '--exclude', 'a.*', '--exclude', 'b.*'])
    const strict = await run(['scan', '.', '--exclude', 'a.*', '--strict'])

    expect(usual.status).toBe(0)
    expect(usual.stderr).toContain('skipped 2 (excluded 2)')
    expect(strict.status).toBe(2)
    expect(jsonLines(strict.stdout)).toHaveLength(1)
  })

  test('--baseline leaves out what an earlier result holds', async () => {
    await run(['scan', 'a.env', '--output', '../known.jsonl'])

    const { status, stdout, stderr } = await run(['scan', '.', '--baseline', '../known.jsonl'])

    expect(status).toBe(1)
    expect(jsonLines(stdout).map((finding) => finding.detector)).toEqual(['npm-access-token'])
    expect(stderr).toContain('1 more in the baseline')
  })

  test('--stats writes what went in and out of every step', async () => {
    await run(['scan', '.', '--stats', '../stats.json'])

    const stats = JSON.parse(await readFile(join(root, 'stats.json'), 'utf8')) as Record<string, unknown>
    expect(stats).toMatchObject({
      findings: 2,
      blobs: 2,
      hits: 2,
      errors: 0,
      bytes_read: token.length + other.length,
    })
    expect(stats['bytes_scanned']).toBe(token.length + other.length)
  })

  test('--quiet prints no summary', async () => {
    expect((await run(['scan', '.', '--quiet'])).stderr).toBe('')
  })

  test('--show-secrets is refused off a terminal and obeyed with --force, in files only their owner reads', async () => {
    const refused = await run(['scan', '.', '--show-secrets'])
    const forced = await run(['scan', '.', '--show-secrets', '--force', '--output', '../secrets.jsonl'])

    expect([refused.status, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toContain('--force')
    expect(forced.status).toBe(1)
    expect(await readFile(join(root, 'secrets.jsonl'), 'utf8')).toContain(`"secret":"${token}"`)
    expect((await stat(join(root, 'secrets.jsonl'))).mode & 0o777).toBe(0o600)
  })

  test('fingerprints are those of the home, another home has others', async () => {
    const [here] = jsonLines((await run(['scan', 'a.env'])).stdout)
    const [again] = jsonLines((await run(['scan', '.'])).stdout)
    const [there] = jsonLines((await run(['scan', 'a.env'], { home: join(root, 'home-2') })).stdout)

    expect(again?.fingerprint).toBe(here?.fingerprint)
    expect(there?.fingerprint).not.toBe(here?.fingerprint)
    expect((await stat(join(root, 'home'))).mode & 0o777).toBe(0o700)
  })

  test('a home that cannot be used costs the comparison of fingerprints, not the findings', async () => {
    await writeFile(join(root, 'file'), '')

    const { status, stdout, stderr } = await run(['scan', '.'], { home: join(root, 'file', 'home') })

    expect(status).toBe(2)
    expect(jsonLines(stdout)).toHaveLength(2)
    expect(stderr).toContain('compare with no other')
  })
})

describe('what cannot be read', () => {
  test('a missing path is named, the rest is scanned, and the status is 2', async () => {
    await plant('a.env', token)

    const { status, stdout, stderr } = await run(['scan', 'gone', '.'])

    expect(status).toBe(2)
    expect(jsonLines(stdout)).toHaveLength(1)
    expect(stderr).toMatch(/keyrecall: no such file or folder: "gone"\n/)
    expect(stderr).toContain('1 could not be read')
  })

  test('a file that cannot be read is named, the rest is scanned, and the status is 2', async () => {
    await plant('a.env', token)
    await plant('locked.env', other)
    await chmod(join(dir, 'locked.env'), 0)
    // Root reads every file; this one fails for everybody.
    const unreadable = process.getuid?.() === 0 ? '/proc/self/mem' : 'locked.env'

    const { status, stdout, stderr } = await run(['scan', unreadable, 'a.env'])

    expect(status).toBe(2)
    expect(jsonLines(stdout)).toHaveLength(1)
    expect(stderr).toContain(unreadable)
  })

  test('pipes, links and loops of links are counted and leave the status alone', async () => {
    execFileSync('mkfifo', [join(dir, 'pipe')])
    await symlink('loop', join(dir, 'loop'))
    await symlink('..', join(dir, 'up'))

    const usual = await run(['scan', '.'])
    const strict = await run(['scan', '.', '--strict'])

    expect(usual.status).toBe(0)
    expect(usual.stderr).toContain('skipped 3 (special_file 3)')
    expect(strict.status).toBe(2)
  })

  test('a folder that is no repository is named', async () => {
    const { status, stderr } = await run(['scan', 'git:.'])

    expect(status).toBe(2)
    expect(stderr).toContain('no git repository')
  })
})

describe('wrong usage', () => {
  test.each([
    [['scan'], /name what to scan/],
    [['scan', ''], /may not be empty/],
    [['scan', 'git:--upload-pack=x'], /looks like an option of git/],
    [['scan', 'git:ext::sh -c touch% owned'], /transport helper/],
    [['scan', 'https://github.com/acme/shop'], /git:URL/],
    [['scan', '.', '--detectors', 'npm'], /no detector "npm"; near it are npm-access-token/],
    [['scan', '.', '--detectors', 'zzz'], /detectors list/],
    [['scan', '.', '--detectors', ','], /at least one/],
    [['scan', '.', '--format', 'xml'], /The formats are table, jsonl, json, sarif, csv, html\./],
    [['scan', '.', '--format', 'html', '--show-secrets', '--force'], /does not go with --format html/],
    [['scan', '.', '--jobs', '0'], /whole number from 1 to 256/],
    [['scan', '.', '--jobs', '1e3'], /whole number/],
    [['scan', '.', '--min-confidence', 'huge'], /low, medium, high/],
    [['scan', '.', '--output', '.'], /is a directory/],
    [['scan', '.', '--output', 'no/out.json'], /no directory/],
    [['scan', '.', '--stats', '.'], /--stats .* is a directory/],
    [['scan', '.', '--baseline', 'gone'], /ENOENT/],
    [['scan', '.', '--exclude', ''], /names something/],
    [['scan', '.', '--nope'], /unknown option '--nope'/],
    [['scna', '.'], /unknown command 'scna'/],
    [[], /Usage: keyrecall/],
    [['detectors', 'explain', 'nope'], /no detector "nope"/],
  ])('%j is refused before anything is read', async (args, message) => {
    const { status, stdout, stderr } = await run(args)

    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n {4}at /)
    expect(await readdir(dir)).toEqual([])
  })
})

test('an interrupted scan prints what it has found and ends with 2', async () => {
  await plant('a.env', token)

  const { status, signal, stdout, stderr } = await run(['scan', 'a.env', '-'], {
    // Standard input stays open: without the interrupt this scan never ends.
    started: (kill) => setTimeout(() => kill('SIGINT'), 3_000),
  })

  expect([status, signal]).toEqual([2, null])
  expect(jsonLines(stdout)).toHaveLength(1)
  expect(stderr).toContain('interrupted')
})

test('a reader that goes away is no error', async () => {
  await plant(
    'many.txt',
    Array.from({ length: 500 }, (_, seed) => mintFor('npm-access-token', seededRandom(seed))).join('\n'),
  )
  const main = new URL('../../dist/src/main.js', import.meta.url).pathname

  const shown = execFileSync(
    'bash',
    [
      '-c',
      '"$0" "$1" scan . 2>err | head -n 1; echo "${PIPESTATUS[0]}"',
      process.execPath,
      process.env['KEYRECALL_TEST_MAIN'] ?? main,
    ],
    {
      cwd: dir,
      env: { ...process.env, KEYRECALL_HOME: join(root, 'home') },
      encoding: 'utf8',
    },
  )

  expect(shown.trim().split('\n').at(-1)).toBe('1')
  expect(await readFile(join(dir, 'err'), 'utf8')).not.toMatch(/EPIPE|Error/)
})

describe('an allow file', () => {
  test('at the root of a scanned folder hides paths and findings, and says what hid nothing', async () => {
    await plant('src/a.env', token)
    await plant('fixtures/b.env', other)
    await plant('.keyrecallignore', '# made up\nfixtures/\ngone/\n')

    const { stdout, stderr } = await run(['scan', '.', '--stats', join(root, 'stats.json')])

    expect(jsonLines(stdout).map((one) => one.places[0]?.path)).toEqual(['src/a.env'])
    expect(stderr).toContain('.keyrecallignore:3: "gone/" matched nothing; it can be removed')
    expect(stderr).not.toContain(':2:')
    expect(JSON.parse(await readFile(join(root, 'stats.json'), 'utf8'))).toMatchObject({
      paths_hidden_by_ignore_file: 1,
      skipped: { excluded: 1 },
    })
    expect(jsonLines((await run(['scan', '.', '--no-ignore-file'])).stdout)).toHaveLength(2)
  })

  test('hides one credential by the fingerprint that a scan printed', async () => {
    await plant('a.env', token)
    const [finding] = jsonLines((await run(['scan', '.'])).stdout)
    await plant('.keyrecallignore', `fingerprint:${finding?.fingerprint} until=2999-12-31\n`)

    const { status, stdout, stderr } = await run(['scan', '.'])

    expect(status).toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain('1 more hidden by an allow file')
  })

  test('that is named holds for histories, too; one that lies in them does not', async () => {
    execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: dir })
    await plant('a.env', token)
    await plant('.keyrecallignore', '*.env\n')
    execFileSync('git', ['add', '.'], { cwd: dir })
    execFileSync('git', ['-c', 'user.name=Jo', '-c', 'user.email=jo@acme.example', 'commit', '-qm', 'x'], {
      cwd: dir,
    })

    expect((await run(['scan', 'git:.'])).status).toBe(1)
    expect((await run(['scan', 'git:.', '--ignore-file', '.keyrecallignore'])).status).toBe(0)
    expect(
      (await run(['scan', 'git:.', '--no-ignore-file', '--ignore-file', '.keyrecallignore'])).status,
    ).toBe(0)
  })

  test.each([
    [['scan', '.'], /"\.keyrecallignore" line 2: a fingerprint is 16 to 64 hex digits/],
    [['scan', '.', '--ignore-file', 'gone'], /--ignore-file "gone": there is no such file/],
  ])('that cannot be read ends %j before anything is read', async (args, message) => {
    await plant('.keyrecallignore', args.length === 2 ? 'a\nfingerprint:x\n' : 'a\n')

    const { status, stderr } = await run(args)

    expect(status).toBe(2)
    expect(stderr).toMatch(message)
  })
})

test('fingerprints are the same on every machine that has the service key', async () => {
  await plant('a.env', token)
  const print = async (env: Record<string, string>, home: string): Promise<string | undefined> =>
    jsonLines((await run(['scan', '.'], { env, home: join(root, home) })).stdout)[0]?.fingerprint
  const env = { KEYRECALL_SERVICE_KEY: Buffer.alloc(32, 7).toString('base64') }

  const [one, two, without] = [await print(env, 'h1'), await print(env, 'h2'), await print({}, 'h3')]

  expect(one).toBe(two)
  expect(one).not.toBe(without)
  const wrong = await run(['scan', '.'], { env: { KEYRECALL_SERVICE_KEY: 'short' } })
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toContain('KEYRECALL_SERVICE_KEY')
})
