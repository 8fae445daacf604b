/**
 * A folder of everything that should not be in one, scanned by the built program: what can be found is found, what was
 * left out is counted, memory stays bounded, and nothing of it reaches the terminal as it is.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, open, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { archiveFixture, tarFile } from '../support/archive-blob.ts'
import { type CliRun, jsonLines, runCli } from '../support/cli.ts'
import { pdfFile } from '../support/pdf-file.ts'
import { zipFile } from '../support/zip-file.ts'

const token = mintFor('github-pat-classic', seededRandom(21))
const esc = '\u001b'

let root: string
let dir: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keyrecall-bad-'))
  dir = join(root, 'work')
  await mkdir(dir)
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

function run(args: readonly string[], env: Record<string, string> = {}): Promise<CliRun> {
  return runCli(args, { cwd: dir, home: join(root, 'home'), env })
}

/** Paths of the one finding there should be. */
function pathsOf(stdout: string): string[] {
  const [finding, ...more] = jsonLines(stdout)
  expect(more).toEqual([])
  return (finding?.places ?? [])
    .map(({ path, archive_path: inside }) => (inside ? `${path}!${inside}` : path))
    .sort()
}

test('bombs, endless and nested archives cost little, and what is beside them is found', async () => {
  const line = `TOKEN=${token}\n`
  const zeros = Buffer.alloc(40 * 1024 * 1024)
  let deep: Buffer = Buffer.from(line)
  for (let level = 0; level < 12; level++) deep = gzipSync(deep)
  let wide: Buffer = zipFile([{ name: 'leaf', content: zeros }])
  for (let level = 0; level < 1; level++) {
    const content = wide
    wide = zipFile(Array.from({ length: 4 }, (_, index) => ({ name: `${index}.zip`, content })))
  }
  await writeFile(
    join(dir, 'bomb.zip'),
    zipFile([
      { name: 'bomb', content: zeros },
      { name: 'a.env', content: line },
    ]),
  )
  await writeFile(join(dir, 'deep.gz'), deep)
  await writeFile(join(dir, 'long.gz'), gzipSync(Buffer.alloc(200 * 1024 * 1024)))
  await writeFile(
    join(dir, 'runs.tar'),
    await tarFile({ 'runs.bz2': archiveFixture('runs.bz2'), 'a.env': line }),
  )
  await writeFile(join(dir, 'wide.zip'), wide)
  await writeFile(join(dir, 'locked.7z'), archiveFixture('locked.7z'))
  await writeFile(join(dir, 'page.pdf'), pdfFile([{ content: zeros }, { content: `BT (${token}) Tj ET` }]))
  await writeFile(join(dir, 'z.env'), line)
  const stats = join(root, 'stats.json')

  const { status, stdout, stderr } = await run(['scan', '.', '--stats', stats])

  expect(pathsOf(stdout)).toEqual(['bomb.zip!a.env', 'page.pdf!object 2', 'runs.tar!a.env', 'z.env'])
  expect(status).toBe(1)
  expect(stderr).toMatch(/archive_limit \d+/)
  expect(stderr).toContain('archive_encrypted 1')
  const report = JSON.parse(await readFile(stats, 'utf8')) as Record<string, number>
  expect(report['errors']).toBe(0)
  // The bombs stand for more than a gigabyte.
  expect(report['bytes_scanned']).toBeLessThan(400_000_000)
  expect(report['peak_memory_bytes']).toBeLessThan(700_000_000)
})

test('lines without end, holes, NUL bytes and what is no text are read through', async () => {
  const spaced = Buffer.from(`\0\xff\xfe ${token} \xe9\0`, 'latin1')
  const line = await open(join(dir, 'line.txt'), 'w')
  for (let written = 0; written < 100; written++) await line.write(Buffer.alloc(1024 * 1024, 'a b='))
  await line.write(spaced)
  await line.close()
  await writeFile(join(dir, 'holes.bin'), spaced)
  await truncate(join(dir, 'holes.bin'), 60 * 1024 * 1024)
  const holes = await open(join(dir, 'holes.bin'), 'r+')
  await holes.write(spaced, 0, spaced.length, 60 * 1024 * 1024 - 4096)
  await holes.close()
  await writeFile(join(dir, 'wide.txt'), Buffer.from(`\ufeffTOKEN="${token}"\r\n`, 'utf16le'))
  const stats = join(root, 'stats.json')

  const { status, stdout } = await run(['scan', '.', '--stats', stats])

  const [finding] = jsonLines(stdout)
  expect(status).toBe(1)
  expect(pathsOf(stdout)).toEqual(['holes.bin', 'holes.bin', 'line.txt', 'wide.txt'])
  expect(finding?.places.find(({ path }) => path === 'line.txt')).toMatchObject({
    start_line: 1,
    byte_start: 100 * 1024 * 1024 + 4,
  })
  expect(
    (JSON.parse(await readFile(stats, 'utf8')) as Record<string, number>)['peak_memory_bytes'],
  ).toBeLessThan(600_000_000)
})

test('pipes, sockets, links and loops are counted, and odd names are shown harmless', async () => {
  const odd = [
    `${esc}[2J${esc}]0;owned\u0007.env`,
    'line\nbreak.env',
    '\u202egpj.env',
    '--output=x',
    ' ',
    '-',
  ]
  for (const name of odd) await writeFile(join(dir, name), `TOKEN=${token}\n`)
  await writeFile(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xff, 0xfe])]), `TOKEN=${token}\n`)
  await writeFile(join(dir, 'names.zip'), zipFile([{ name: `../${esc}[31m\u0085`, content: token }]))
  await mkdir(join(dir, 'folder'))
  await symlink('..', join(dir, 'folder', 'up'))
  await symlink('self', join(dir, 'self'))
  execFileSync('mkfifo', [join(dir, 'pipe')])
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(dir, 'socket'), resolve))

  const table = await run(['scan', '.', '--format', 'table', '--jobs', '2'])
  const { status, stdout, stderr } = await run(['scan', '.'])
  server.close()

  expect(status).toBe(1)
  expect(pathsOf(stdout)).toHaveLength(odd.length + 2)
  expect(stderr).toContain('special_file 4')
  for (const text of [table.stdout, table.stderr, stdout, stderr]) {
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  }
  expect(table.stdout).toContain(String.raw`\u{1b}[2J`)
})

test('archives that only look like some, and files that say too much of themselves, end with a message each', async () => {
  await writeFile(
    join(dir, 'cut.zip'),
    zipFile([{ name: 'a', content: `x ${token}\n`, method: 0 }]).subarray(0, 80),
  )
  await writeFile(join(dir, 'cut.7z'), archiveFixture('solid.7z').subarray(0, 200))
  await writeFile(join(dir, 'cut.xz'), archiveFixture('one.xz').subarray(0, 500))
  await writeFile(join(dir, 'cut.db'), archiveFixture('rows.sqlite').subarray(0, 3000))
  await writeFile(
    join(dir, 'ar.txt'),
    `!<arch>\nis no archive, and holds ${token} all the same ${'.'.repeat(60)}\n`,
  )

  const { status, stdout, stderr } = await run(['scan', '.'])

  expect(status).toBe(2)
  expect(pathsOf(stdout)).toEqual(['ar.txt', 'cut.zip'])
  for (const name of ['cut.zip', 'cut.7z', 'cut.xz', 'cut.db', 'ar.txt']) expect(stderr).toContain(name)
  expect(stderr).toContain('it is damaged; what could be read of it was scanned')
})
