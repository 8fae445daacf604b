import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { zipOf } from '../../src/demo/zip-file.ts'
import { type CliOptions, type CliRun, jsonLines, runCli } from '../support/cli.ts'

const token = (seed: number): string => mintFor('github-pat-classic', seededRandom(seed))

const folders = 4
/** Files with a password of low confidence each, more than one thread does alone. */
const weakFiles = 90

let root: string
let tree: string

/** More files than one thread does alone, of all kinds: small, large, packed, oddly named, not to be read. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'keyrecall-threads-'))
  tree = join(root, 'tree')
  await mkdir(join(root, 'weak'))
  for (let file = 0; file < weakFiles; file += 1)
    await writeFile(join(root, 'weak', `f${file}.txt`), weakLine(file))
  for (let folder = 0; folder < folders; folder += 1) {
    const dir = join(tree, `d${folder}`)
    await mkdir(dir, { recursive: true })
    for (let file = 0; file < 90; file += 1) {
      const leak = file % 9 === 0 ? `token: ${token(100 * folder + file)}\n` : ''
      await writeFile(join(dir, `f${file}.txt`), `line ${file}\n`.repeat(file * 20) + leak)
    }
    await writeFile(join(dir, 'page.gz'), gzipSync(`packed ${token(2_000 + folder)}`))
    await writeFile(
      join(dir, 'large.gz'),
      gzipSync(Buffer.concat([noise(200_000, folder), Buffer.from(` ${token(3_000 + folder)}`)])),
    )
    await writeFile(join(dir, 'app.zip'), zipOf({ 'in/app.env': token(4_000 + folder) }))
    await writeFile(join(dir, 'wide.txt'), Buffer.from(`\ufeffkey ${token(5_000 + folder)}`, 'utf16le'))
    await writeFile(join(dir, 'large.log'), `${'log line\n'.repeat(600_000)}${token(6_000 + folder)}\n`)
    await writeFile(Buffer.concat([Buffer.from(`${dir}/odd`), Buffer.from([0xff])]), token(7_000 + folder))
    await symlink('f0.txt', join(dir, 'link'))
    execFileSync('mkfifo', [join(dir, 'pipe')])
    await writeFile(join(dir, 'broken.gz'), gzipSync(noise(5_000, folder)).subarray(0, 3_000))
    await mkdir(join(dir, 'closed'))
    await chmod(join(dir, 'closed'), 0)
  }
})

afterAll(async () => {
  for (let folder = 0; folder < folders; folder += 1) await chmod(join(tree, `d${folder}`, 'closed'), 0o700)
  await rm(root, { recursive: true, force: true })
})

function noise(length: number, seed: number): Buffer {
  const random = seededRandom(seed)
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
}

function run(args: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> {
  return runCli(args, { cwd: root, home: join(root, 'home'), ...options })
}

function weakLine(seed: number): string {
  return ['password', ' = ', `"tulip${100 + seed}x"`, '\n'].join('')
}

/** All but the time it took. */
function withoutTime(text: string): string {
  return text.replace(/\d+\.\d\d s/, '')
}

describe('threads', () => {
  test('count what is below the asked confidence as one thread does', async () => {
    const lines = await Promise.all(
      ['1', '3'].map((jobs) => run(['scan', 'weak', '--jobs', jobs, '--stats', `weak-${jobs}.json`])),
    )
    const stats = await Promise.all(
      ['1', '3'].map((jobs) => readFile(join(root, `weak-${jobs}.json`), 'utf8')),
    )
    const low = await run(['scan', 'weak', '--min-confidence', 'low', '--jobs', '3'])

    const below = stats.map(
      (text) => (JSON.parse(text) as Record<string, unknown>)['hits_below_min_confidence'],
    )
    expect(lines.map(({ stdout }) => stdout)).toEqual(['', ''])
    expect(jsonLines(low.stdout)).toHaveLength(weakFiles)
    expect(below).toEqual([weakFiles, weakFiles])
  })

  test('change nothing in what a scan prints, whatever their number', async () => {
    const runs = []
    for (const jobs of ['1', '2', '7'])
      runs.push(await run(['scan', 'tree', '--min-confidence', 'low', '--jobs', jobs]))
    const [one, ...others] = runs

    const paths = jsonLines(one?.stdout ?? '').flatMap(({ places }) => places.map(({ path }) => path))
    expect(paths).toHaveLength(folders * (10 + 6))
    expect(one?.stderr).toContain('broken.gz')
    expect(one?.stderr).toContain(`special_file ${2 * folders}`)
    expect(one?.status).toBe(2)
    for (const { status, stdout, stderr } of others) {
      expect(stdout).toBe(one?.stdout)
      expect(withoutTime(stderr)).toBe(withoutTime(one?.stderr ?? ''))
      expect(status).toBe(2)
    }
  })
})
