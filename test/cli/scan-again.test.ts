/** A history scanned again: only what is new is read, and everything is told. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import type { FindingRecord } from '../../src/model/finding.ts'
import { type CliRun, jsonLines, runCli } from '../support/cli.ts'
import { createRepo, type GitRepo } from '../support/git-repo.ts'

const random = seededRandom(77)
const mint = (): string => mintFor('github-pat-fine-grained', random)
const remembered = /\d+ objects were read by an earlier scan/

let repo: GitRepo
let home: string

beforeEach(async () => {
  repo = await createRepo()
  home = await mkdtemp(join(tmpdir(), 'keyrecall-home-'))
})

afterEach(async () => {
  await repo.remove()
  await rm(home, { recursive: true, force: true })
})

async function scan(...options: string[]): Promise<CliRun> {
  return await runCli(['scan', `git:${repo.path}`, ...options], { cwd: repo.path, home })
}

/** What a scan tells, and what one without a memory tells at the same time. */
async function both(): Promise<{ again: FindingRecord[]; whole: FindingRecord[]; stderr: string }> {
  const { stdout, stderr } = await scan()
  const { stdout: all } = await scan('--fresh')
  return { again: jsonLines(stdout), whole: jsonLines(all), stderr }
}

/** The only file of what scans remember. */
async function memory(): Promise<string> {
  const [name, ...more] = await readdir(join(home, 'scanned'))
  expect(more).toEqual([])
  return join(home, 'scanned', name ?? '')
}

async function leak(path: string): Promise<string> {
  const token = mint()
  await repo.write(path, `token = "${token}"\n`)
  await repo.commit(`add ${path}`)
  return token
}

describe('a history that is scanned again', () => {
  test('tells all that a whole scan tells, with what one new commit brought', async () => {
    await leak('one.env')
    await repo.write('notes.txt', 'nothing\n')
    await repo.commit('more')
    expect((await scan()).stderr).not.toMatch(remembered)
    await leak('two.env')

    const { again, whole, stderr } = await both()

    expect(stderr).toMatch(remembered)
    expect(again).toEqual(whole)
    expect(again.map(({ places }) => places[0]?.path)).toEqual(['one.env', 'two.env'])
  })

  test('counts on where a credential stands: how many commits hold it, and whether the head still does', async () => {
    const token = await leak('one.env')
    await scan()
    await repo.write('copy.env', `token = "${token}"\n`)
    await repo.commit('copy it')
    await repo.git('mv', 'one.env', 'moved.env')
    await repo.commit('move it')

    const { again, whole } = await both()

    expect(again).toEqual(whole)
    expect(again[0]?.places.map(({ path, at_head, commit_count }) => [path, at_head, commit_count])).toEqual([
      ['copy.env', true, 2],
      ['moved.env', true, 1],
      ['one.env', false, 2],
    ])
  })

  test('tells the same as a whole scan after any mix of changes', async () => {
    const draw = seededRandom(5)
    const pick = (count: number): number => Math.floor(draw() * count)
    const tokens: string[] = []
    const files = new Set<string>()
    const write = async (): Promise<void> => {
      if (tokens.length < 3 || draw() < 0.4) tokens.push(mint())
      const path = `${['a', 'b', 'a/c'][pick(3)]}/${pick(5)}.env`
      files.add(path)
      await repo.write(path, `x = 1\ntoken = "${tokens[pick(tokens.length)]}"\nn = ${pick(3)}\n`)
    }
    const changes = [
      write,
      write,
      async () =>
        void (
          files.size > 0 &&
          (await repo.git('mv', '-k', [...files][pick(files.size)] ?? '', `m${pick(9)}.env`))
        ),
      async () =>
        void (await repo.git('rm', '-q', '--ignore-unmatch', [...files][pick(files.size)] ?? 'none')),
      async () => void (await repo.git('switch', '--quiet', '--create', `side-${pick(1000)}`)),
      async () => void (await repo.git('switch', '--quiet', 'main')),
      async () => void (await repo.git('tag', '--force', `v${pick(3)}`)),
      async () => {
        const branches = (await repo.git('for-each-ref', '--format=%(refname)', 'refs/heads')).split('\n')
        const branch = branches[pick(branches.length)] ?? 'main'
        // What is in conflict is committed as it stands.
        await repo.git('merge', '--quiet', '--no-commit', '-X', 'ours', branch).catch(() => '')
      },
      async () => void (await repo.git('repack', '-q', '-d')),
    ]
    await repo.commit('first')
    for (let round = 0; round < 5; round++) {
      for (let step = 0; step < 6; step++) {
        await changes[pick(changes.length)]?.()
        await repo.commit(`change ${round}-${step}`)
      }
      const { again, whole } = await both()
      expect(again, `round ${round}`).toEqual(whole)
    }
    expect(tokens.length).toBeGreaterThan(3)
  })

  test('tells again what stands in archives, encoded text, pairs, messages and logs of refs', async () => {
    await repo.write('a.gz', gzipSync(`token = "${mint()}"\n`))
    await repo.write('b.env', `token = ${Buffer.from(mint()).toString('base64')}\n`)
    const [id, secret] = ['aws-access-key-id', 'aws-secret-access-key'].map((name) => mintFor(name, random))
    await repo.write('c.env', `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`)
    await repo.commit(`use ${mint()}`)
    await repo.git('tag', '--annotate', 'v1', '--message', `with ${mint()}`)

    await scan()
    const { again, whole, stderr } = await both()

    expect(stderr).toMatch(remembered)
    expect(again).toEqual(whole)
    expect(new Set(again.map(({ places }) => places[0]?.path))).toEqual(
      new Set(['COMMIT_MSG', 'TAG_MSG', 'a.gz', 'b.env', 'c.env']),
    )
  })

  test('names the branch that a side branch was merged into', async () => {
    await leak('main.env')
    await repo.git('switch', '--quiet', '--create', 'side')
    await leak('side.env')
    await repo.git('switch', '--quiet', 'main')
    const refsOf = (records: readonly FindingRecord[]): unknown =>
      Object.fromEntries(records.flatMap(({ places }) => places.map(({ path, ref }) => [path, ref])))
    const before = refsOf(jsonLines((await scan()).stdout))
    await repo.git('merge', '--quiet', '--no-ff', '--no-edit', 'side')

    const { again, whole, stderr } = await both()

    expect(before).toEqual({ 'main.env': 'refs/heads/main', 'side.env': 'refs/heads/side' })
    expect(refsOf(again)).toEqual({ 'main.env': 'refs/heads/main', 'side.env': 'refs/heads/main' })
    expect(again).toEqual(whole)
    expect(stderr).toMatch(remembered)
  })

  test('tells of a blob what names it: no ref, then a tag alone, then a commit', async () => {
    await repo.write('start', 'start\n')
    await repo.commit('start')
    await repo.write('key.env', `token = "${mint()}"\n`)
    const blob = await repo.git('hash-object', '-w', 'key.env')
    const steps = [
      async () => {},
      async () => void (await repo.git('tag', '--annotate', '--message', 'the key', 'key', blob)),
      async () => void (await repo.commit('add it')),
    ]
    const told: unknown[] = []
    for (const step of steps) {
      await step()

      const { again, whole } = await both()

      expect(again).toEqual(whole)
      told.push(
        again.flatMap(({ places }) =>
          places.map(({ path, ref, unreachable }) => ({ path, ref, unreachable })),
        ),
      )
    }

    expect(told).toEqual([
      [{ path: '', unreachable: true }],
      [{ path: '', ref: 'refs/tags/key' }],
      [{ path: 'key.env', ref: 'refs/heads/main' }],
    ])
  })

  test('reads nothing again after its objects were packed anew', async () => {
    for (const name of ['a', 'b', 'c']) await leak(`${name}.env`)
    await scan()
    await repo.git('gc', '--quiet', '--aggressive', '--prune=now')
    const stats = join(home, 'stats.json')
    await scan('--stats', stats)

    // The three that hold something.
    expect(JSON.parse(await readFile(stats, 'utf8'))).toMatchObject({ findings: 3 })
    const { blobs } = JSON.parse(await readFile(stats, 'utf8')) as { blobs: number }
    await scan('--fresh', '--stats', stats)
    const { blobs: all } = JSON.parse(await readFile(stats, 'utf8')) as { blobs: number }
    expect(blobs).toBeLessThan(all)
    expect((await both()).again).toEqual((await both()).whole)
  })

  test('still tells what a rewritten history dropped, and that it was', async () => {
    await repo.write('a', 'a\n')
    await repo.commit('first')
    await leak('dropped.env')
    await scan()
    await repo.git('reset', '--quiet', '--hard', 'HEAD~1')
    await leak('kept.env')

    const { again, whole, stderr } = await both()

    expect(stderr).toMatch(/history was rewritten since the last scan: refs\/heads\/main; 1 commit dropped/)
    expect(again).toEqual(whole)
    expect(again.map(({ places }) => [places[0]?.path, places[0]?.unreachable ?? false])).toEqual([
      ['dropped.env', true],
      ['kept.env', false],
    ])
  })

  test('names what held a credential and was removed for good', async () => {
    await repo.write('a', 'a\n')
    await repo.commit('first')
    await leak('gone.env')
    await scan()
    await repo.git('reset', '--quiet', '--hard', 'HEAD~1')
    await repo.git('reflog', 'expire', '--expire=now', '--all')
    await repo.git('gc', '--quiet', '--prune=now')

    for (const run of [await scan(), await scan()]) {
      expect(run.stderr).toMatch(
        /gone\.env of commit [0-9a-f]{40} is not in the repository any more; it held github-pat/,
      )
    }
  })

  test('is read whole for other detectors, another bound, or with a memory that is broken', async () => {
    await leak('one.env')
    await scan()

    expect((await scan('--detectors', 'github-pat-fine-grained')).stderr).not.toMatch(remembered)
    expect((await scan('--max-size', '1MB')).stderr).not.toMatch(remembered)
    for (const name of await readdir(join(home, 'scanned')))
      await writeFile(join(home, 'scanned', name), '{"version":3')
    const { status, stderr } = await scan()
    expect([status, remembered.test(stderr)]).toEqual([1, false])
  })

  test('leaves nothing of a credential in what is remembered, which is for nobody else to read', async () => {
    const token = await leak('one.env')
    await scan()
    const path = await memory()
    const bytes = await readFile(path)

    for (let at = 8; at + 8 <= token.length; at++) expect(bytes.includes(token.slice(at, at + 8))).toBe(false)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, 'scanned'))).mode & 0o777).toBe(0o700)
  })

  test('remembers nothing of a scan that could not read everything', async () => {
    await leak('one.env')
    const commit = await repo.commit('empty')
    const tree = await repo.git('rev-parse', `${commit}^{tree}`)
    expect(tree).toMatch(/^[0-9a-f]{40}$/)
    await repo.git('gc', '--quiet')
    const pack =
      (await readdir(join(repo.path, '.git/objects/pack'))).find((name) => name.endsWith('.pack')) ?? ''
    const file = join(repo.path, '.git/objects/pack', pack)
    const bytes = await readFile(file)
    await rm(file, { force: true })
    await writeFile(file, bytes.subarray(0, bytes.length - 30))

    expect((await scan()).status).toBe(2)
    expect((await scan()).stderr).not.toMatch(remembered)
  })
})
