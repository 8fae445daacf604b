import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openObjectStore } from '../../../../src/sources/git/pack/store.ts'
import { walkHistory } from '../../../../src/sources/git/pack/walk-history.ts'
import { idOf, listedByGit, walkAll } from '../../../support/walked-objects.ts'

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'keyrecall-store-'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

function git(path: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: path,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Robin Example',
      GIT_AUTHOR_EMAIL: 'robin@example.com',
      GIT_COMMITTER_NAME: 'Robin Example',
      GIT_COMMITTER_EMAIL: 'robin@example.com',
    },
  })
}

/** Numbers from a seed, evenly from 0 up to below 1. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A history of texts that grow, shrink, move and swap lines, some binary files, and one large one. */
async function createHistory(name: string, format: string, commits: number): Promise<string> {
  const path = join(root, name)
  await mkdir(path)
  git(path, 'init', '--quiet', '--template=', '--initial-branch=main', `--object-format=${format}`)
  const random = createRandom(commits)
  const files = new Map<string, string[]>()
  const stream: Buffer[] = []
  const person = 'Robin Example <robin@example.com> 1767225600 +0000'
  const say = (text: string) => stream.push(Buffer.from(text))
  const data = (content: string | Buffer) => {
    say(`data ${Buffer.byteLength(content)}\n`)
    stream.push(Buffer.from(content), Buffer.from('\n'))
  }
  const put = (file: string, content: string | Buffer) => {
    say(`M 644 inline ${file}\n`)
    data(content)
  }
  for (let i = 0; i < commits; i++) {
    say(`commit refs/heads/main\nmark :${i + 1}\ncommitter ${person}\n`)
    data(`change ${i}\n`)
    if (i > 0) say(`from :${i}\n`)
    const file = `file-${Math.floor(random() * 6)}.txt`
    const lines = files.get(file) ?? []
    for (let n = 0; n < 12; n++) {
      const at = Math.floor(random() * (lines.length + 1))
      if (random() < 0.3 && lines.length > 20) lines.splice(at, 1)
      else lines.splice(at, 0, `${i} line ${random().toString(36)} of ${file}`)
    }
    files.set(file, lines)
    put(file, `${lines.join(i % 9 === 0 ? '\r\n' : '\n')}\n`)
    if (i % 10 === 0) {
      put(`binary-${i % 20}`, Buffer.from(Array.from({ length: 3000 }, () => Math.floor(random() * 256))))
    }
    if (i === 3) put('large', 'a long line that repeats\n'.repeat(40_000))
    if (i === 5) put('empty', '')
    if (i % 15 === 0) {
      say(`tag v${i}\nfrom :${i + 1}\ntagger ${person}\n`)
      data(`release ${i}\n`)
    }
  }
  feed(path, Buffer.concat(stream))
  git(path, 'reset', '--quiet', '--hard')
  return path
}

function feed(path: string, input: Buffer): void {
  // Below this many objects git would write each as a file.
  execFileSync('git', ['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet'], { cwd: path, input })
}

async function expectSame(path: string, gitDir = join(path, '.git'), parts = 3): Promise<number> {
  const listed = listedByGit(path)
  const walked = await walkAll(gitDir, parts)

  const wanted = [...listed].filter(([, type]) => type !== 'tree')
  expect(walked.shown).toEqual(new Map(wanted))
  expect(walked).toMatchObject({ twice: [], wrong: [], problems: [] })

  const store = await openObjectStore(gitDir)
  const swept = new Map<string, string>()
  const sweep = (type: string) => (ids: Buffer, at: number, bytes: Buffer) => {
    const id = ids.toString('hex', at, at + store.hashLength)
    swept.set(id, type)
    expect(idOf(type, bytes, id.length)).toBe(id)
  }
  for (const part of store.historyParts(parts))
    walkHistory(part, { commit: sweep('commit'), tree: sweep('tree') })
  expect(swept).toEqual(new Map([...listed].filter(([, type]) => type === 'commit' || type === 'tree')))
  for (const [id, type] of listed) {
    const object = store.read(id)
    expect(object?.type).toBe(type)
    // The id is a digest of what git has.
    expect(idOf(type, object?.bytes ?? Buffer.alloc(0), id.length)).toBe(id)
  }
  store.close()
  return walked.derived
}

describe('the objects of a repository', () => {
  it('are all read where each is a file', async () => {
    const path = await createHistory('loose', 'sha1', 20)
    const [pack = ''] = readdirSync(join(path, '.git/objects/pack')).filter((name) => name.endsWith('.pack'))
    const input = readFileSync(join(path, '.git/objects/pack', pack))
    await rm(join(path, '.git/objects/pack'), { recursive: true })
    execFileSync('git', ['unpack-objects', '-q'], { cwd: path, input })

    await expectSame(path)
  })

  it('are all read from an aggressively packed one, whole, by offset and by name of the base', async () => {
    const path = await createHistory('packed', 'sha1', 60)
    git(path, 'repack', '-q', '-adf', '--window=250', '--depth=250')

    expect(await expectSame(path)).toBeGreaterThan(40)
    git(path, '-c', 'repack.useDeltaBaseOffset=false', 'repack', '-q', '-adf', '--window=50', '--depth=50')

    expect(await expectSame(path)).toBeGreaterThan(40)
  })

  it('are all read where ids are of SHA-256', async () => {
    const path = await createHistory('sha256', 'sha256', 30)
    git(path, 'repack', '-q', '-adf', '--window=250', '--depth=250')

    expect(await expectSame(path)).toBeGreaterThan(15)
  })

  it('are all read from an index of version 1', async () => {
    const path = await createHistory('version-1', 'sha1', 20)
    git(path, '-c', 'pack.indexVersion=1', 'repack', '-q', '-adf')

    await expectSame(path)
  })

  it('are all read where they are borrowed, packed twice and loose at a time', async () => {
    const path = await createHistory('lender', 'sha1', 25)
    git(path, 'repack', '-q', '-ad')
    git(root, 'clone', '--quiet', '--shared', '--template=', 'lender', 'borrower')
    const borrower = join(root, 'borrower')
    await writeFile(join(borrower, 'own'), 'of the borrower alone\n')
    git(borrower, 'add', '--all')
    git(borrower, 'commit', '--quiet', '-m', 'own')
    // All of it once more in a pack of its own, beside what is borrowed.
    git(borrower, 'repack', '-q', '-ad')
    await writeFile(join(borrower, '.git/objects/info/alternates'), '../../../lender/.git/objects\n')
    await writeFile(join(path, '.git/objects/info/alternates'), '../../../borrower/.git/objects\n')

    await expectSame(borrower)
    await expectSame(path)
  })

  it('are all read from a worktree and from a bare repository', async () => {
    const path = await createHistory('several', 'sha1', 12)
    git(path, 'worktree', 'add', '--quiet', '../linked')
    git(root, 'clone', '--quiet', '--bare', 'several', 'bare.git')

    await expectSame(
      join(root, 'linked'),
      git(join(root, 'linked'), 'rev-parse', '--absolute-git-dir').trim(),
    )
    await expectSame(join(root, 'bare.git'), join(root, 'bare.git'))
  })

  it('come with stashes, notes, what no branch reaches, and the logs of refs', async () => {
    const path = await createHistory('hidden', 'sha1', 4)
    await writeFile(join(path, 'file-0.txt'), 'put away\n')
    git(path, 'add', '--all')
    git(path, 'stash', 'push', '--quiet', '-m', 'for later')
    git(path, 'notes', 'add', '-m', 'a remark')
    git(path, 'commit', '--quiet', '--allow-empty', '-m', 'to be undone')
    git(path, 'reset', '--quiet', '--hard', 'HEAD~2')

    await expectSame(path)
    const { logs } = await walkAll(join(path, '.git'), 1)

    expect([...logs.keys()].sort()).toEqual([
      'logs/HEAD',
      'logs/refs/heads/main',
      'logs/refs/notes/commits',
      'logs/refs/stash',
    ])
    expect(logs.get('logs/HEAD')).toContain('to be undone')
    expect(logs.get('logs/refs/stash')).toContain('for later')
  })

  it('are each shown once, however many parts they are cut into and however little may be kept', async () => {
    const path = await createHistory('cut', 'sha1', 60)
    git(path, 'repack', '-q', '-adf', '--window=250', '--depth=250')
    const wanted = [...listedByGit(path)].filter(([, type]) => type !== 'tree').length

    for (const parts of [1, 2, 10, 1000]) {
      const walked = await walkAll(join(path, '.git'), parts, { maxKeptBytes: parts === 2 ? 1 : 2 ** 20 })

      expect([...walked.shown]).toHaveLength(wanted)
      expect(walked).toMatchObject({ twice: [], wrong: [], problems: [] })
    }
  })
})
