/** A history to measure: a copy that leaves the clone alone, credentials planted in it, and the slow way to scan it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectors } from '../../../detectors/index.ts'
import { copyClone } from '../../../src/bench/git/copy-clone.ts'
import { type PlantedCommit, plantHistory } from '../../../src/bench/git/plant-history.ts'
import { gitLines } from '../../../src/bench/git/run-git.ts'
import { compareWithWhole } from '../../../src/bench/git/verify-set.ts'
import type { ReportedFinding } from '../../../src/bench/scan-run.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import { createRepo, type GitRepo } from '../../support/git-repo.ts'

const { signal } = new AbortController()
const key = Buffer.alloc(32, 7)
let repo: GitRepo
let folder: string
let copy: string
let refsBefore: string
let planted: PlantedCommit[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-history-'))
  repo = await createRepo()
  for (let i = 0; i < 6; i++) {
    await repo.write(`src/file-${i % 3}.txt`, `line ${i}\n`.repeat(20 + i))
    await repo.commit(`change ${i}`)
  }
  await repo.git('branch', 'side', 'HEAD~2')
  refsBefore = await repo.git('for-each-ref')
  copy = join(folder, 'copy.git')
  await copyClone(repo.path, copy, signal)
  planted = await plantHistory(copy, { count: 20, branches: 3, name: 'planted' }, signal)
})

afterAll(async () => {
  await repo.remove()
  await rm(folder, { recursive: true, force: true })
})

async function inCopy(...args: string[]): Promise<string[]> {
  return await gitLines(args, { gitDir: copy, signal })
}

describe('a copy of a clone', () => {
  test('has all its refs and a whole history, and the clone has nothing new', async () => {
    const refs = await inCopy('for-each-ref')

    for (const line of refsBefore.split('\n')) expect(refs).toContain(line)
    expect(await inCopy('fsck', '--full')).toEqual([])
    expect(await repo.git('for-each-ref')).toBe(refsBefore)
    expect(await repo.git('fsck', '--full')).toBe('')
  })

  test('of what is no clone is refused by name', async () => {
    await expect(copyClone(folder, join(folder, 'none.git'), signal)).rejects.toThrow(
      /no git repository in ".*"/,
    )
  })
})

describe('planted credentials', () => {
  test('each came in with the one commit of its author', async () => {
    expect(planted).toHaveLength(20)
    expect(new Set(planted.map(({ value }) => value)).size).toBe(20)
    for (const { value, email } of planted) {
      const commits = await inCopy('log', '--all', '--format=%ae', '--reverse', `-S${value}`)
      expect(commits[0], email).toBe(email)
    }
  })

  test('stand on side branches that leave the history at several commits', async () => {
    const branches = await inCopy('for-each-ref', '--format=%(refname:short)', 'refs/heads/planted')
    const bases = await Promise.all(branches.map((branch) => inCopy('merge-base', branch, 'main')))

    expect(branches).toHaveLength(3)
    expect(new Set(bases.flat()).size).toBe(3)
  })
})

describe('the slow way', () => {
  /** What a scan of everything would report, made here blob by blob. */
  async function reported(): Promise<ReportedFinding[]> {
    const engine = createEngine(detectors)
    const { mergeHits } = await import('../../../src/findings/merge.ts')
    const { runGit } = await import('../../../src/bench/git/run-git.ts')
    const all = await inCopy('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)')
    const found = []
    for (const id of all.flatMap((line) => (line.startsWith('blob ') ? [line.slice(5)] : []))) {
      const bytes = await runGit(['cat-file', 'blob', id], { gitDir: copy, signal })
      for (const hit of engine.scanBytes(bytes).hits)
        found.push({ hit, places: [{ type: 'commit' as const, path: `of ${id}`, blob_sha: id }] })
    }
    return mergeHits(key, found)
  }

  test('agrees with a scan that found the same, and tells what one missed or made up', async () => {
    const all = await reported()
    const [first, ...rest] = all
    const shifted = all.map((one) => ({ ...one, places: one.places.map((place) => ({ ...place })) }))
    const moved = shifted[0]?.places[0]
    if (moved !== undefined) moved.byte_end += 1

    const same = await compareWithWhole(copy, key, all, signal)
    const fewer = await compareWithWhole(copy, key, rest, signal)
    const other = await compareWithWhole(copy, key, shifted, signal)

    expect(all.length).toBeGreaterThanOrEqual(20)
    expect([same.missing, same.extra]).toEqual([[], []])
    expect(same.same).toBeGreaterThanOrEqual(20)
    expect(fewer.missing).toHaveLength(first?.places.length ?? 0)
    expect([other.missing.length, other.extra.length]).toEqual([1, 1])
  })
})
