import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { defaultGitLimits } from '../../../src/sources/git/mirror.ts'
import { openGit } from '../../../src/sources/git/open.ts'
import type { GitRange } from '../../../src/sources/git/selection.ts'
import { createRepo, type GitRepo } from '../../support/git-repo.ts'
import { readUnit } from '../../support/read-unit.ts'

const signal = new AbortController().signal
let repo: GitRepo
let second: string

beforeEach(async () => {
  repo = await createRepo()
  await repo.write('first', 'first text')
  await repo.commit('One', { date: '2026-01-10T00:00:00Z' })
  await repo.write('second', 'second text')
  second = await repo.commit('Two', { date: '2026-01-20T00:00:00Z' })
  await repo.git('tag', 'v1')
  await repo.git('checkout', '--quiet', '-b', 'side')
  await repo.write('side', 'side text')
  await repo.commit('Side', { date: '2026-01-25T00:00:00Z' })
  await repo.git('checkout', '--quiet', 'main')
  await repo.write('third', 'third text')
  await repo.commit('Three', { date: '2026-01-30T00:00:00Z' })
  await repo.write('lost', 'lost text')
  await repo.commit('Lost', { date: '2026-01-31T00:00:00Z' })
  await repo.git('reset', '--quiet', '--hard', 'HEAD~1')
})

afterEach(() => repo.remove())

function open(range: Partial<GitRange>, maxBlobBytes = defaultGitLimits.maxBlobBytes) {
  return openGit(
    { kind: 'git', location: repo.path, repository: 'acme/shop', public: true, url: null },
    {
      cacheDir: join(repo.path, 'no-cache'),
      allowFile: true,
      limits: { ...defaultGitLimits, maxBlobBytes },
      archive: defaultArchiveLimits,
      range: { branch: null, since: null, ...range },
    },
  )
}

async function texts(range: Partial<GitRange>): Promise<string[]> {
  const { blobs, problems } = await readUnit(await open(range))
  expect(problems).toEqual([])
  const files = blobs.filter(({ place }) => place.path === '')
  return files.map(({ bytes }) => bytes.toString().replace(' text', '')).sort()
}

describe('a scan of a part of a history', () => {
  it('reads everything where nothing is asked for', async () => {
    expect(await texts({})).toEqual(['first', 'lost', 'second', 'side', 'third'])
  })

  it.each([
    ['main', ['first', 'second', 'third']],
    ['side', ['first', 'second', 'side']],
    ['v1', ['first', 'second']],
    ['refs/heads/side', ['first', 'second', 'side']],
  ])('reads what %s leads to', async (branch, expected) => {
    expect(await texts({ branch })).toEqual(expected)
  })

  it.each([
    ['2026-01-15', ['second', 'side', 'third']],
    ['2026-01-20T00:00:00Z', ['second', 'side', 'third']],
    ['2026-01-30', ['third']],
    ['2026-03-01', []],
    ['2025-01-01', ['first', 'second', 'side', 'third']],
    ['v1', ['side', 'third']],
    ['main', ['side']],
  ])('reads what came since %s, and not what was there before', async (since, expected) => {
    expect(await texts({ since })).toEqual(expected)
  })

  it('takes the short id of a commit', async () => {
    expect(await texts({ branch: 'side', since: second.slice(0, 8) })).toEqual(['side'])
  })

  it('places hits by the branch that was asked for', async () => {
    const unit = await open({ branch: 'side' })
    const { blobs } = await readUnit(unit)
    const hit = blobs.find(({ bytes }) => bytes.toString() === 'second text')

    const [places] = await unit.locate(hit ? [hit.place] : [], signal)

    expect(places).toMatchObject([
      { path: 'second', commit_sha: second, ref: 'refs/heads/side', commit_count: 2 },
    ])
  })

  it.each([
    [{ branch: 'nowhere' }, '--branch "nowhere"'],
    [{ since: 'yesterday-ish' }, '--since "yesterday-ish"'],
    [{ since: '2026-13-77' }, '--since "2026-13-77"'],
    [{ since: 'deadbeef' }, '--since "deadbeef"'],
    [{ since: '--all' }, '--since "--all"'],
  ])('says of %j what is wrong', async (range, message) => {
    await expect(readUnit(await open(range))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as string,
    })
  })

  it('leaves out what is larger than asked for, and counts it', async () => {
    const { blobs, problems } = await readUnit(await open({ branch: 'v1' }, 10))

    expect(blobs.map(({ bytes }) => bytes.toString())).toContain('first text')
    expect(problems).toContainEqual(expect.objectContaining({ problem: 'skipped', code: 'too_large' }))
  })
})
