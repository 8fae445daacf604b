import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { locateBlobs } from '../../../src/sources/git/locate.ts'
import { readRefs } from '../../../src/sources/git/refs.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { createRepo, type GitRepo } from '../../support/git-repo.ts'

const signal = new AbortController().signal

/** What a history is made of: few names and contents, so that they meet again. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      path: fc.constantFrom('a', 'b', 'd/c'),
      text: fc.nat({ max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('remove' as const), path: fc.constantFrom('a', 'b') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('switch' as const), branch: fc.constantFrom('main', 'x', 'y') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      branch: fc.constantFrom('main', 'x', 'y'),
      evil: fc.boolean(),
    }),
  },
)

async function play(
  repo: GitRepo,
  steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
): Promise<void> {
  await repo.write('start', 'start')
  await repo.commit('start')
  for (const branch of ['x', 'y']) await repo.git('branch', branch)
  for (const [index, one] of steps.entries()) {
    if (one.kind === 'write') {
      await repo.write(one.path, `text ${one.text}`)
      await repo.commit(`${index}`)
    } else if (one.kind === 'remove') {
      await repo.git('rm', '--quiet', '--ignore-unmatch', one.path)
      await repo.commit(`${index}`)
    } else if (one.kind === 'switch') await repo.git('checkout', '--quiet', one.branch)
    else {
      await repo.git('merge', '--quiet', '--no-ff', '--no-commit', '-X', 'ours', one.branch).catch(() => '')
      if (one.evil) await repo.write('evil', `text ${index % 5}`)
      await repo.commit(`merge ${index}`)
    }
  }
}

async function locate(repo: GitRepo, blobs: ReadonlySet<string>) {
  const repository = openRepository(`${repo.path}/.git`, 'test')
  return locateBlobs(repository, blobs, await readRefs(repository, 30_000, signal), {
    timeoutMs: 30_000,
    signal,
  })
}

/** The slow way: every commit's whole tree, parents first, and who has a blob at a path that no parent has there. */
async function oracle(repo: GitRepo): Promise<Map<string, Map<string, string>>> {
  const commits = (await repo.git('rev-list', '--all', '--date-order', '--reverse', '--parents')).split('\n')
  const trees = new Map<string, Set<string>>()
  const found = new Map<string, Map<string, string>>()
  for (const line of commits) {
    const [commit = '', ...parents] = line.split(' ')
    const tree = new Set(
      (await repo.git('ls-tree', '-r', commit)).split('\n').filter((entry) => entry !== ''),
    )
    trees.set(commit, tree)
    for (const entry of tree) {
      if (parents.some((parent) => trees.get(parent)?.has(entry))) continue
      const [, blob = '', path = ''] = /^\d+ blob (\w+)\t(.*)$/.exec(entry) ?? []
      const paths = found.get(blob) ?? new Map<string, string>()
      found.set(blob, paths)
      if (!paths.has(path)) paths.set(path, commit)
    }
  }
  return found
}

describe('locating blobs', () => {
  it('agrees with a look at every tree of every commit, merges and side branches too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const repo = await createRepo()
        try {
          await play(repo, steps)
          const expected = await oracle(repo)

          const { places: found } = await locate(repo, new Set(expected.keys()))

          const got = new Map(
            [...found].map(([blob, places]) => [
              blob,
              new Map(places.map((one) => [one.path, one.commit_sha])),
            ]),
          )
          expect(got).toEqual(expected)
        } finally {
          await repo.remove()
        }
      }),
      { numRuns: 12 },
    )
  })

  it('tells the ref that leads to a blob or a tree without a commit, and only where no commit holds it', async () => {
    const repo = await createRepo()
    try {
      await repo.write('kept', 'in a commit')
      await repo.commit('Start')
      const kept = await repo.git('rev-parse', 'HEAD:kept')
      await repo.write('key', 'named alone')
      const key = await repo.git('hash-object', '-w', 'key')
      await repo.write('d/import', 'in a tree alone')
      await repo.git('add', 'd')
      const imported = await repo.git('rev-parse', ':d/import')
      const tree = await repo.git('write-tree', '--prefix=d/')
      await repo.git('tag', '--annotate', '--message', 'the key', 'key', key)
      await repo.git('tag', 'kept', kept)
      await repo.git('update-ref', 'refs/imports/first', tree)

      const { places, gaps } = await locate(repo, new Set([kept, key, imported]))

      expect(gaps).toBe(0)
      expect(places.get(key)).toEqual([{ path: '', ref: 'refs/tags/key', at_head: false, commit_count: 0 }])
      expect(places.get(imported)).toEqual([
        { path: 'import', ref: 'refs/imports/first', at_head: false, commit_count: 0 },
      ])
      expect(places.get(kept)).toMatchObject([{ path: 'kept', ref: 'refs/heads/main', commit_count: 1 }])
    } finally {
      await repo.remove()
    }
  })

  it('gives nothing for blobs that are not there', async () => {
    const repo = await createRepo()
    try {
      const blobs = new Set(['1'.repeat(40)])

      expect(await locate(repo, blobs)).toEqual({
        places: new Map(),
        gaps: 0,
      })
    } finally {
      await repo.remove()
    }
  })

  it('tells a thousand paths of one blob at most', async () => {
    const repo = await createRepo()
    try {
      for (let index = 0; index < 1005; index++) await repo.write(`many/${index}`, 'the same')
      await repo.commit('Many')
      const blob = await repo.git('rev-parse', 'HEAD:many/0')

      const { places: found } = await locate(repo, new Set([blob]))

      expect(found.get(blob)).toHaveLength(1000)
    } finally {
      await repo.remove()
    }
  })
})
