/** The commands about detectors, and scans with detectors of one's own, through the built program. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { crc32, hex8 } from '../../detectors/checks/crc.ts'
import { type CliOptions, type CliRun, jsonLines, runCli } from '../support/cli.ts'

const body = 'acme_live_q7RtZ2mLw9KxV4bNc8YdH3sPj6GfT1aE'
const key = body + hex8(crc32(body))
const acme = {
  id: 'acme-api-key',
  issuer: 'Acme',
  kind: 'API key',
  docs: 'https://docs.acme.example/keys',
  anchors: ['acme_live_'],
  pattern: 'acme_live_[A-Za-z0-9]{32}[0-9a-f]{8}',
  check: { name: 'crc32-hex', over: 'all' },
  revoke: 'DELETE https://api.acme.example/keys/{id}',
  examples: { match: [key], no_match: [`${key.slice(0, -1)}0`] },
}

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keyrecall-detectors-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

function run(args: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> {
  return runCli(args, { cwd: dir, home: join(dir, 'home'), ...options })
}

async function plant(name: string, ...detectors: object[]): Promise<void> {
  await writeFile(join(dir, name), stringify({ detectors }))
}

describe('a scan with detectors of one’s own', () => {
  test('finds what they describe, by the option and by the environment', async () => {
    await plant('acme.yaml', acme)
    await plant('other.yaml', {
      ...acme,
      id: 'acme-test-key',
      anchors: ['acme_test_'],
      pattern: 'acme_test_[a-z]{20}',
      check: undefined,
      examples: { match: [`acme_test_${'qwertyuiop'.repeat(2)}`] },
    })
    const input = `key = ${key}\n`
    const env = { KEYRECALL_DETECTORS_FILE: ['other.yaml', 'acme.yaml'].join(delimiter) }

    const runs = [
      await run(['scan', '-', '--detectors-file', 'other.yaml', '--detectors-file', 'acme.yaml'], { input }),
      await run(['scan', '-'], { input, env }),
      await run(['scan', '-', '--detectors-file', 'acme.yaml', '--detectors', 'acme-api-key'], { input }),
    ]

    for (const { status, stdout } of runs) {
      expect(status).toBe(1)
      expect(jsonLines(stdout)).toMatchObject([
        { detector: 'acme-api-key', issuer: 'Acme', check_passed: true, confidence: 'high' },
      ])
    }
    expect((await run(['scan', '-'], { input })).status).toBe(0)
  })

  test('finds it in every thread', async () => {
    await plant('acme.yaml', acme)
    for (let i = 0; i < 40; i++)
      await writeFile(join(dir, `${i}.env`), `${' '.repeat(i * 5_000)}KEY=${key}\n`)

    const { stdout } = await run([
      'scan',
      '.',
      '--detectors-file',
      'acme.yaml',
      '--jobs',
      '2',
      '--exclude',
      'acme.yaml',
    ])

    expect(jsonLines(stdout).map(({ places }) => places.length)).toEqual([40])
  })

  test.each([
    ['is not there', null, /"acme\.yaml" cannot be read \(ENOENT\)/],
    [
      'is a mistake',
      'detectors:\n  - colour: red\n',
      /acme\.yaml:2:5: detectors\[0\]\.colour: there is no such field/,
    ],
    ['is no text', Buffer.from([0xff, 0xfe, 0x00]), /"acme\.yaml" is not UTF-8/],
    ['is endless', 'x'.repeat(1024 * 1024 + 1), /larger than 1 MiB/],
  ])('ends with 2 before it reads anything where the file %s', async (_what, content, message) => {
    if (content !== null) await writeFile(join(dir, 'acme.yaml'), content)

    const { status, stdout, stderr } = await run(['scan', '.', '--detectors-file', 'acme.yaml'])

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('finding')
  })

  test('writes what a file holds with no control characters to the terminal', async () => {
    await plant('acme.yaml', { ...acme, 'pat\u001b[2Jtern': 'x' })

    const { stderr } = await run(['scan', '.', '--detectors-file', 'acme.yaml'])

    expect(stderr).toContain(String.raw`pat\u{1b}[2Jtern`)
    expect(stderr).not.toContain('\u001b')
  })
})

describe('detectors test', () => {
  test('ends with 0 where all examples are found everywhere', async () => {
    await plant('acme.yaml', acme)

    const { status, stdout } = await run(['detectors', 'test', 'acme.yaml'])

    expect(status).toBe(0)
    expect(stdout).toMatch(/^acme-api-key +1 +1 +\d\d +good$/m)
    expect(stdout).toContain('1 detector, ')
  })

  test('ends with 1 and says where, without the example, if one is missed or a near-miss reported', async () => {
    const claimed = { ...acme, id: 'acme-copy', check: undefined }
    await plant('acme.yaml', acme, claimed, {
      ...acme,
      id: 'acme-loose',
      check: undefined,
      pattern: 'acme_live_[A-Za-z0-9]{39,40}',
      examples: { match: [key], no_match: [key.slice(0, -1)] },
    })

    const { status, stdout } = await run(['detectors', 'test', 'acme.yaml'])

    expect(status).toBe(1)
    expect(stdout).toMatch(/^acme-api-key .* good$/m)
    expect(stdout).toContain('examples.match[0] in JSON: found as acme-api-key')
    expect(stdout).toContain('examples.no_match[0] in no surroundings: reported with medium confidence')
    expect(stdout).toContain('3 detectors, ')
    expect(stdout).not.toContain(key)
  })

  test('ends with 2 where a file cannot be used', async () => {
    await plant('acme.yaml', { ...acme, pattern: 'acme_live_.*' })

    const { status, stderr } = await run(['detectors', 'test', 'acme.yaml'])

    expect(status).toBe(2)
    expect(stderr).toContain('acme.yaml:')
    expect(stderr).toContain('has no upper bound')
  })
})

describe('detectors list', () => {
  test('prints the fixed texts that searches are compared with, as the fixture holds them', async () => {
    const fixture = await readFile(new URL('../../fixtures/bench-anchors.txt', import.meta.url), 'utf8')

    const { stdout } = await run(['detectors', 'list', '--anchors'])

    // Where this fails: node dist/src/main.js detectors list --anchors > fixtures/bench-anchors.txt
    expect(fixture).toBe(stdout)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toEqual([...new Set(lines)].sort())
    expect(Math.min(...lines.map((line) => Buffer.byteLength(line)))).toBe(4)
  })

  test('shows those of one issuer, own ones among them, as a table and as JSON', async () => {
    await plant('acme.yaml', acme)
    const args = ['detectors', 'list', '--issuer', 'acm', '--detectors-file', 'acme.yaml']

    const table = await run(args)
    const json = await run([...args, '--format', 'json'])

    expect(table.stdout).toMatch(/^acme-api-key +checksum 32 bit +prefix +0\+50 +acme_live_ +Acme API key$/m)
    expect(JSON.parse(json.stdout)).toMatchObject([
      {
        id: 'acme-api-key',
        reach: { left: 0, right: 50 },
        anchors: ['acme_live_'],
        confidence: { passed: 'high', failed: 'low' },
      },
    ])
  })

  test('names near issuers where there is none of that name', async () => {
    const { status, stderr } = await run(['detectors', 'list', '--issuer', 'Githup'])

    expect(status).toBe(2)
    expect(stderr).toContain('near it are GitHub')
  })
})

describe('detectors explain', () => {
  test('tells in words what is found, checked, and done, and masks the example', async () => {
    await plant('acme.yaml', acme)

    const { status, stdout } = await run([
      'detectors',
      'explain',
      'acme-api-key',
      '--detectors-file',
      'acme.yaml',
    ])

    expect(status).toBe(0)
    for (const words of [
      '"acme_live_", then 32 of [A-Za-z0-9], then 8 of [0-9a-f]',
      'acme_live_*****',
      'the text it begins with: "acme_live_" (gate path: prefix)',
      'random text passes once in 2^32',
      'high confidence',
      'low confidence: hidden by default',
      'yes, where a policy says so',
      'DELETE https://api.acme.example/keys/{id}',
    ]) {
      expect(stdout).toContain(words)
    }
    expect(stdout).not.toContain('q7RtZ2')
  })

  test('tells of a value without fixed text which words must stand near, and that a person decides', async () => {
    const { stdout } = await run(['detectors', 'explain', 'datadog-api-key'])

    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('"dd_app" must stand within 60 bytes of it')
    expect(stdout).toContain('no: a person decides')
    expect(stdout).toContain('less than 2.8 bits of entropy')
  })

  test('names near ids where there is none of that name', async () => {
    const { status, stderr } = await run(['detectors', 'explain', 'github-pat-clasic'])

    expect(status).toBe(2)
    expect(stderr).toContain('near it are github-pat-classic')
  })
})

test('the file that the README shows works as it stands', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const shown = /^```yaml\n(detectors:\n[^]*?)```$/m.exec(readme)?.[1] ?? ''
  await writeFile(join(dir, 'acme.yaml'), shown)

  const { status, stdout } = await run(['detectors', 'test', 'acme.yaml'])

  expect(stdout).toMatch(/^acme-api-key .* good$/m)
  expect(status).toBe(0)
})
