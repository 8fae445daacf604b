/** Shares of packs, scanned along their deltas: the set of what is found is that of every object scanned whole. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import type { BlobHits } from '../../src/cli/scan-blob.ts'
import { emptySums, scanPart } from '../../src/cli/scan-part.ts'
import { zipOf } from '../../src/demo/zip-file.ts'
import type { Hit } from '../../src/model/hit.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { defaultArchiveLimits } from '../../src/sources/archive/limits.ts'
import { openObjectStore } from '../../src/sources/git/pack/store.ts'
import { authorOf, edited, newText } from '../support/edited-text.ts'
import { loadObjects } from '../support/git-objects.ts'
import { createRepo, type GitRepo } from '../support/git-repo.ts'

const engine = createEngine(detectors, { now: () => Date.UTC(2026, 10, 24) })
const token = (seed: number): string => mintFor('github-pat-classic', seededRandom(seed))
const repos: GitRepo[] = []

afterEach(async () => {
  await Promise.all(repos.splice(0).map((repo) => repo.remove()))
})

async function newRepo(): Promise<GitRepo> {
  const repo = await createRepo()
  repos.push(repo)
  return repo
}

/** Some files, each a line of versions that are edited, moved, reverted and forgotten, in one pack. */
async function packedHistory(seed: number): Promise<GitRepo> {
  const repo = await newRepo()
  const author = authorOf(seededRandom(seed))
  const files = Array.from({ length: 6 }, () => newText(author, 3 + author.int(25)))
  const all = [...files]
  const stream: Buffer[] = []
  for (let version = 0; version < 40; version++) {
    stream.push(
      Buffer.from(
        `commit refs/heads/main\ncommitter R <r@example.com> ${1767225600 + version} +0000\ndata 2\nx\n`,
      ),
    )
    for (let change = 0; change < 3; change++) {
      const path = author.int(files.length)
      const text = edited(author, files[path] ?? Buffer.alloc(0), all)
      files[author.int(5) === 0 ? author.int(files.length) : path] = text
      all.push(text)
      stream.push(Buffer.from(`M 100644 inline f${path}\ndata ${text.length}\n`), text, Buffer.from('\n'))
    }
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: repo.path, input: Buffer.concat(stream) })
  await repo.git('repack', '-a', '-d', '-f', '-q', '--window=250', '--depth=250')
  return repo
}

async function scanned(repo: GitRepo, parts: number) {
  const store = await openObjectStore(join(repo.path, '.git'))
  const sums = emptySums()
  const found: BlobHits[] = []
  const context = {
    engine: async () => engine,
    excluded: () => false,
    archive: defaultArchiveLimits,
    least: 'low' as const,
    sums,
    onProgress() {},
    signal: new AbortController().signal,
  }
  const repository = { repository: 'acme/app', url: null, public: false }
  try {
    for (const share of store.parts(parts)) {
      const outcome = await scanPart({ kind: 'pack', ...repository, share, bytes: share.bytes }, context)
      expect(outcome.problems).toEqual([])
      found.push(...outcome.found)
    }
  } finally {
    store.close()
  }
  return { found, sums }
}

const told = (id: string, { detector, secret, span, checkPassed, confidence, decoding }: Hit): string =>
  JSON.stringify([id, detector, secret.reveal().toString('hex'), span, checkPassed, confidence, decoding])

const secretsAt = (found: readonly BlobHits[], path: string): string[] =>
  found
    .filter(({ place }) => place.path === path)
    .flatMap(({ hits }) => hits.map(({ secret }) => secret.reveal().toString()))

describe('a scan of packs', () => {
  it.each([1, 2, 3])('finds in a history of edits what scanning each blob whole finds (%i)', async (seed) => {
    const repo = await packedHistory(seed)
    const objects = loadObjects(repo.path)
    const whole = objects.ids('blob').flatMap((id) => {
      const bytes = objects.read(id)?.bytes ?? Buffer.alloc(0)
      return engine.scanBytes(bytes).hits.map((hit) => told(id, hit))
    })

    const { found, sums } = await scanned(repo, 3)

    const hits = found.flatMap((one) => one.hits.map((hit) => told(one.place.blob_sha ?? '', hit)))
    expect(hits.sort()).toEqual(whole.sort())
    expect(hits.length).toBeGreaterThan(10)
    expect(sums.engine.blobs).toBeGreaterThanOrEqual(objects.ids('blob').length)
  })

  it('reads messages, logs of refs, archives and what no ref leads to', async () => {
    const repo = await newRepo()
    await repo.write('app.zip', zipOf({ 'in/app.env': token(1) }))
    await repo.commit(`Use ${token(2)}`, { name: 'Kim Example', email: 'kim@example.com' })
    await repo.git('tag', '-a', 'v1', '-m', `With ${token(3)}`)
    await repo.git('update-ref', '-m', `reset: ${token(4)}`, '--create-reflog', 'refs/heads/other', 'HEAD')
    await repo.write('lost.txt', token(5))
    await repo.git('hash-object', '-w', 'lost.txt')

    const { found } = await scanned(repo, 1)

    expect(secretsAt(found, 'COMMIT_MSG')).toEqual([token(2)])
    expect(secretsAt(found, 'TAG_MSG')).toEqual([token(3)])
    expect(secretsAt(found, 'logs/refs/heads/other')).toEqual([token(4)])
    expect(secretsAt(found, '').sort()).toEqual([token(1), token(5)].sort())
    expect(found.find(({ place }) => place.path === 'COMMIT_MSG')?.place).toMatchObject({
      author_name: 'Kim Example',
      repository: 'acme/app',
    })
    expect(found.map(({ place }) => place.archive_path).filter(Boolean)).toEqual(['in/app.env'])
  })
})
