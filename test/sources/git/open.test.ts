import { chmod, mkdir, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Place } from '../../../src/model/blob.ts'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { defaultGitLimits, type GitLimits } from '../../../src/sources/git/mirror.ts'
import { openGit } from '../../../src/sources/git/open.ts'
import { createRepo, type GitRepo } from '../../support/git-repo.ts'
import { readUnit } from '../../support/read-unit.ts'

const signal = new AbortController().signal
let repo: GitRepo

beforeEach(async () => {
  repo = await createRepo()
})

afterEach(() => repo.remove())

async function open(path = repo.path, limits: Partial<GitLimits> = {}) {
  return openGit(
    {
      kind: 'git',
      location: path,
      repository: 'acme/shop',
      public: true,
      url: 'https://git.example.com/acme/shop',
    },
    {
      cacheDir: join(repo.path, 'no-cache'),
      allowFile: true,
      limits: { ...defaultGitLimits, ...limits },
      archive: defaultArchiveLimits,
    },
  )
}

/** Reads all and locates the blobs with this text. */
async function find(text: string): Promise<Place[]> {
  const unit = await open()
  const { blobs, problems } = await readUnit(unit)
  expect(problems).toEqual([])
  const hits = blobs.filter(({ bytes }) => bytes.includes(text)).map(({ place }) => place)
  return (await unit.locate(hits, signal)).flat()
}

describe('a blob in the history', () => {
  it('is placed at the commit that brought it, with its author and its web address', async () => {
    await repo.write('readme', 'nothing here')
    await repo.commit('Start')
    await repo.write('config/a b#.env', 'needle-1')
    const commit = await repo.commit('Configure', {
      name: 'Kim Exämple',
      email: 'kim@example.com',
      date: '2026-02-03T04:05:06+02:00',
    })
    await repo.write('readme', 'still nothing')
    await repo.commit('Go on')

    expect(await find('needle-1')).toEqual([
      {
        type: 'commit',
        repository: 'acme/shop',
        public: true,
        path: 'config/a b#.env',
        blob_sha: await repo.git('rev-parse', 'HEAD:config/a b#.env'),
        commit_sha: commit,
        author_name: 'Kim Exämple',
        author_email: 'kim@example.com',
        authored_at: '2026-02-03T02:05:06.000Z',
        committer_name: 'Kim Exämple',
        committer_email: 'kim@example.com',
        committed_at: '2026-02-03T02:05:06.000Z',
        ref: 'refs/heads/main',
        at_head: true,
        commit_count: 2,
        url: `https://git.example.com/acme/shop/blob/${commit}/config/a%20b%23.env`,
      },
    ])
  })

  it('is found after it was removed', async () => {
    await repo.write('.env', 'needle-2')
    const commit = await repo.commit('Leak')
    await repo.git('rm', '--quiet', '.env')
    await repo.commit('Remove')

    expect(await find('needle-2')).toMatchObject([{ path: '.env', commit_sha: commit }])
  })

  it('is found on a side branch, behind a tag alone, and in a stash', async () => {
    await repo.write('a', 'a')
    await repo.commit('Start')
    await repo.git('checkout', '--quiet', '-b', 'side')
    await repo.write('side', 'needle-3 side')
    const side = await repo.commit('Side')
    await repo.git('checkout', '--quiet', '--detach', 'main')
    await repo.write('tagged', 'needle-3 tagged')
    const tagged = await repo.commit('Tagged')
    await repo.git('tag', 'v1')
    await repo.git('checkout', '--quiet', 'main')
    await repo.write('a', 'needle-3 stashed')
    await repo.git('stash', '--quiet')

    const places = await find('needle-3')

    expect(places).toHaveLength(3)
    expect(places).toContainEqual(expect.objectContaining({ path: 'side', commit_sha: side }))
    expect(places).toContainEqual(expect.objectContaining({ path: 'tagged', commit_sha: tagged }))
    expect(places).toContainEqual(
      expect.objectContaining({ path: 'a', commit_sha: await repo.git('rev-parse', 'stash') }),
    )
  })

  it('has a place for each path that ever held it, renames too', async () => {
    await repo.write('b', 'needle-4')
    const first = await repo.commit('First', { email: 'first@example.com' })
    await repo.git('mv', 'b', 'moved')
    const moved = await repo.commit('Move', { email: 'second@example.com' })
    await repo.write('a', 'needle-4')
    const copied = await repo.commit('Copy')
    await repo.git('rm', '--quiet', 'a')
    await repo.commit('Remove')
    await repo.write('a', 'needle-4')
    await repo.commit('And again')

    expect(await find('needle-4')).toMatchObject([
      { path: 'a', commit_sha: copied },
      { path: 'b', commit_sha: first, author_email: 'first@example.com' },
      { path: 'moved', commit_sha: moved, author_email: 'second@example.com' },
    ])
  })

  it('belongs to the commit on the branch, not to the merge, and to the merge only what that changed', async () => {
    await repo.write('a', 'start')
    await repo.commit('Start')
    await repo.git('checkout', '--quiet', '-b', 'side')
    await repo.write('side', 'needle-5 branch')
    const side = await repo.commit('Side')
    await repo.git('checkout', '--quiet', 'main')
    await repo.write('main', 'more')
    await repo.commit('Main')
    await repo.git('merge', '--quiet', '--no-ff', '--no-commit', 'side')
    await repo.write('evil', 'needle-5 merge')
    const merge = await repo.commit('Merge')

    const places = await find('needle-5')

    expect(places).toContainEqual(expect.objectContaining({ path: 'side', commit_sha: side }))
    expect(places).toContainEqual(expect.objectContaining({ path: 'evil', commit_sha: merge }))
    expect(places).toHaveLength(2)
  })

  it('is placed at a commit that no branch leads to any more', async () => {
    await repo.write('a', 'a')
    await repo.commit('Start')
    await repo.write('a', 'needle-6')
    const lost = await repo.commit('Lost', { email: 'lost@example.com' })
    await repo.git('reset', '--quiet', '--hard', 'HEAD~1')

    expect(await find('needle-6')).toMatchObject([
      { path: 'a', commit_sha: lost, author_email: 'lost@example.com' },
    ])
  })

  it('is placed by its id alone where no commit holds it', async () => {
    await repo.write('staged', 'needle-7')
    await repo.git('add', 'staged')

    expect(await find('needle-7')).toEqual([
      {
        type: 'commit',
        repository: 'acme/shop',
        public: true,
        path: '',
        blob_sha: await repo.git('rev-parse', ':staged'),
        unreachable: true,
        url: 'https://git.example.com/acme/shop',
      },
    ])
  })

  it('is told by the names people have now', async () => {
    await repo.write('.mailmap', 'Kim Example <kim@example.com> <old@example.com>\n')
    await repo.write('a', 'needle-8')
    await repo.commit('Start', { name: 'K', email: 'old@example.com' })

    expect(await find('needle-8')).toMatchObject([
      { author_name: 'Kim Example', author_email: 'kim@example.com' },
    ])
  })

  it.each(['-dash', 'new\nline', 'tab\tquote"back\\slash', 'ünïcode', ':colon', 'commit 0123'])(
    'may have the odd name %j',
    async (name) => {
      await repo.write(name, 'needle-9')
      const commit = await repo.commit('Odd')

      expect(await find('needle-9')).toMatchObject([{ path: name, commit_sha: commit }])
    },
  )

  it('may have a name that is not UTF-8, shown with U+FFFD', async () => {
    await writeFile(
      Buffer.concat([Buffer.from(`${repo.path}/`), Buffer.from([0x66, 0xff, 0x67])]),
      'needle-10',
    )
    await repo.commit('Odd')

    expect(await find('needle-10')).toMatchObject([{ path: 'f\ufffdg' }])
  })

  it('is unpacked where it is an archive', async () => {
    await repo.write('logs/app.log.gz', gzipSync('a line with needle-11'))
    const commit = await repo.commit('Logs')

    expect(await find('needle-11')).toMatchObject([
      { path: 'logs/app.log.gz', archive_path: expect.any(String) as string, commit_sha: commit },
    ])
  })
})

describe('what is read of a repository', () => {
  it('is each content once, however often it stands there', async () => {
    for (const name of ['a', 'b', 'c']) {
      await repo.write(name, 'the same')
      await repo.commit(name)
    }

    const { blobs } = await readUnit(await open())

    expect(blobs.filter(({ bytes }) => bytes.toString() === 'the same')).toHaveLength(1)
  })

  it('includes messages of commits and tags, without the ids in their headers', async () => {
    await repo.write('a', 'a')
    const commit = await repo.commit('Subject with needle-12', { name: 'Kim', email: 'kim@example.com' })
    await repo.git('tag', '-a', '-m', 'needle-12 in a tag', 'v1')

    const unit = await open()
    const { blobs } = await readUnit(unit)
    const hits = blobs.filter(({ bytes }) => bytes.includes('needle-12'))
    const places = (
      await unit.locate(
        hits.map(({ place }) => place),
        signal,
      )
    ).flat()

    expect(places).toHaveLength(2)
    expect(places).toContainEqual(
      expect.objectContaining({
        path: 'COMMIT_MSG',
        commit_sha: commit,
        author_email: 'kim@example.com',
        url: `https://git.example.com/acme/shop/commit/${commit}`,
      }),
    )
    expect(places).toContainEqual(
      expect.objectContaining({
        path: 'TAG_MSG',
        blob_sha: await repo.git('rev-parse', 'v1'),
        author_email: 'robin@example.com',
      }),
    )
    for (const { bytes } of hits) expect(bytes.toString()).not.toMatch(/[0-9a-f]{40}/)
  })

  it('is nothing in an empty repository', async () => {
    const unit = await open()

    expect(await readUnit(unit)).toEqual({ blobs: [], problems: [] })
    expect(await unit.locate([], signal)).toEqual([])
  })

  it('is the same bytes for small, large and empty objects', async () => {
    const contents = [
      '',
      'x',
      'y'.repeat(1024 * 1024),
      `${'z'.repeat(1024 * 1024)}z`,
      'w'.repeat(3_000_001),
      '\n',
    ]
    for (const [index, content] of contents.entries()) await repo.write(`file-${index}`, content)
    await repo.commit('All sizes')

    const { blobs } = await readUnit(await open())

    const texts = new Set(blobs.map(({ bytes }) => bytes.toString()))
    for (const content of contents) expect(texts.has(content)).toBe(true)
  })

  it('passes over blobs that nobody opens, and gives them later all the same', async () => {
    await repo.write('large', 'v'.repeat(2_000_000))
    await repo.write('small', 'needle-13')
    await repo.commit('Both')

    const blobs = []
    for await (const item of (await open()).blobs(signal)) if (!('problem' in item)) blobs.push(item)
    const sizes = []
    for (const blob of blobs) {
      let size = 0
      for await (const chunk of blob.open(signal)) size += chunk.length
      sizes.push(size === blob.size)
    }

    expect(blobs.length).toBe(3)
    expect(sizes).not.toContain(false)
  })

  it('leaves out objects above the limit and says so', async () => {
    await repo.write('large', 'l'.repeat(5000))
    await repo.commit('Large')

    const { blobs, problems } = await readUnit(await open(repo.path, { maxBlobBytes: 4000 }))

    expect(blobs).toHaveLength(1)
    expect(problems).toMatchObject([
      { problem: 'skipped', code: 'too_large', subject: await repo.git('rev-parse', 'HEAD:large') },
    ])
  })

  it('follows neither submodules nor LFS pointers', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`
    await repo.write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n')
    await repo.write('big.bin', pointer)
    await repo.write(
      '.gitmodules',
      '[submodule "s"]\n\tpath = s\n\turl = https://git.example.invalid/s.git\n',
    )
    await repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},s`)
    await repo.git('-c', 'filter.lfs.clean=cat', 'add', '.gitattributes', 'big.bin', '.gitmodules')
    await repo.git('commit', '--quiet', '-m', 'Links')

    expect(await find('version https://git-lfs')).toMatchObject([{ path: 'big.bin' }])
  })

  it('reads a bare repository and one with SHA-256 ids', async () => {
    const bare = join(repo.path, 'bare.git')
    await repo.git('init', '--quiet', '--bare', '--object-format=sha256', bare)
    const blob = await repo.git('--git-dir', bare, 'hash-object', '-w', '--', join(repo.path, '.git', 'HEAD'))

    const { blobs } = await readUnit(await open(bare))

    expect(blob).toHaveLength(64)
    expect(blobs).toMatchObject([{ place: { blob_sha: blob } }])
  })

  it('stops when it is told to', async () => {
    for (let index = 0; index < 20; index++) await repo.write(`file-${index}`, `${index}`)
    await repo.commit('Many')
    const stop = new AbortController()
    const unit = await open()
    async function readSome(): Promise<void> {
      for await (const _ of unit.blobs(stop.signal)) stop.abort()
    }

    await expect(readSome()).rejects.toThrow()
  })
})

describe('damage and gaps', () => {
  async function packless(): Promise<string> {
    await repo.write('good', 'needle-14 good')
    await repo.write('bad', 'needle-14 bad')
    await repo.write('other', 'needle-14 other')
    await repo.commit('Three')
    const id = await repo.git('rev-parse', 'HEAD:bad')
    return join(repo.path, '.git', 'objects', id.slice(0, 2), id.slice(2))
  }

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 12)],
    ['garbage', () => Buffer.from('garbage')],
    [
      'with another content',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -6), Buffer.from('xxxxxx')]),
    ],
    ['empty', () => Buffer.alloc(0)],
  ])('an object that is %s is reported, and the rest is read', async (_, damage) => {
    const path = await packless()
    await chmod(path, 0o600)
    await writeFile(path, damage(await readFile(path)))

    const { blobs, problems } = await readUnit(await open())

    const texts = blobs.map(({ bytes }) => bytes.toString())
    expect(texts).toContain('needle-14 good')
    expect(texts).toContain('needle-14 other')
    expect(problems).not.toEqual([])
    for (const problem of problems) expect(problem).toMatchObject({ problem: 'error', code: 'unreadable' })
  })

  it('a large object that breaks off is read as far as it goes and reported', async () => {
    // Random bytes, so that half the stored file is half the content.
    const { randomBytes } = await import('node:crypto')
    await repo.write('large', randomBytes(20 * 1024 * 1024))
    await repo.write('after', 'needle-15')
    await repo.commit('Large')
    const id = await repo.git('rev-parse', 'HEAD:large')
    const path = join(repo.path, '.git', 'objects', id.slice(0, 2), id.slice(2))
    await chmod(path, 0o600)
    await writeFile(path, (await readFile(path)).subarray(0, 10 * 1024 * 1024))

    const { blobs, problems } = await readUnit(await open())

    expect(blobs.map(({ bytes }) => bytes.toString('latin1', 0, 9))).toContain('needle-15')
    expect(problems).toMatchObject([{ problem: 'error', code: 'unreadable', subject: id }])
  })

  it('a pack without its index is reported', async () => {
    await packless()
    await repo.git('repack', '--quiet', '-a', '-d')
    const packs = join(repo.path, '.git', 'objects', 'pack')
    for (const name of await readdir(packs)) if (name.endsWith('.idx')) await unlink(join(packs, name))

    const { problems } = await readUnit(await open())

    expect(problems).toContainEqual(expect.objectContaining({ problem: 'error', code: 'unreadable' }))
  })

  it('a broken pack is reported and the others are read', async () => {
    await packless()
    await repo.git('repack', '--quiet', '-a', '-d')
    const packs = join(repo.path, '.git', 'objects', 'pack')
    const [name] = (await readdir(packs)).filter((name) => name.endsWith('.pack'))
    await chmod(join(packs, name ?? ''), 0o600)
    await writeFile(join(packs, name ?? ''), 'PACK is broken')
    await repo.write('fresh', 'needle-16')
    await repo.git('hash-object', '-w', '--', 'fresh')

    const { blobs, problems } = await readUnit(await open())

    expect(blobs.map(({ bytes }) => bytes.toString())).toContain('needle-16')
    expect(problems).toContainEqual(expect.objectContaining({ problem: 'error', code: 'unreadable' }))
  })

  it('places are still told by id where a damaged tree ends the walk', async () => {
    await repo.write('dir/a', 'needle-17')
    await repo.commit('Start')
    const tree = await repo.git('rev-parse', 'HEAD:dir')
    await rm(join(repo.path, '.git', 'objects', tree.slice(0, 2), tree.slice(2)), { force: true })
    const unit = await open()
    const { blobs } = await readUnit(unit)
    const hits = blobs.filter(({ bytes }) => bytes.includes('needle-17')).map(({ place }) => place)

    expect(await unit.locate(hits, signal)).toEqual([hits])
  })

  it('a shallow clone is an error, as older history is not in it', async () => {
    await repo.write('a', 'a')
    await repo.commit('One')
    await repo.write('a', 'b')
    await repo.commit('Two')
    await repo.git('clone', '--quiet', '--depth=1', `file://${repo.path}`, 'shallow')

    const { problems } = await readUnit(await open(join(repo.path, 'shallow')))

    expect(problems).toMatchObject([{ problem: 'error', code: 'unreadable' }])
    expect(problems[0]?.message).toContain('shallow')
  })

  it('a partial clone is an error with the number of objects that are missing', async () => {
    await repo.write('a', 'first')
    await repo.commit('One')
    await repo.write('a', 'second')
    await repo.commit('Two')
    await repo.git('config', 'uploadpack.allowFilter', 'true')
    await repo.git('clone', '--quiet', '--filter=blob:none', `file://${repo.path}`, 'partial')

    const { blobs, problems } = await readUnit(await open(join(repo.path, 'partial')))

    expect(blobs.map(({ bytes }) => bytes.toString())).toContain('second')
    expect(problems).toMatchObject([{ problem: 'error', code: 'unreadable', subject: 'acme/shop' }])
    expect(problems[0]?.message).toMatch(/^1 objects/)
  })

  it('leaves the repository as it was', async () => {
    await repo.write('a', 'a')
    await repo.commit('Start')
    await mkdir(join(repo.path, 'keep'))
    const before = await stat(join(repo.path, '.git'))

    await find('a')

    expect((await stat(join(repo.path, '.git'))).mtimeMs).toBe(before.mtimeMs)
    await expect(stat(join(repo.path, 'no-cache'))).rejects.toThrow()
  })
})
