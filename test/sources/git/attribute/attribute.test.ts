import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attribute } from '../../../../src/sources/git/attribute/attribute.ts'
import { CommitGraph } from '../../../../src/sources/git/attribute/commit-graph.ts'
import { type HistoryStore, visitorOf } from '../../../../src/sources/git/attribute/history.ts'
import { IdTable } from '../../../../src/sources/git/attribute/id-table.ts'
import { TreeTable } from '../../../../src/sources/git/attribute/tree-table.ts'
import { locateBlobs } from '../../../../src/sources/git/locate.ts'
import type { HistoryVisitor } from '../../../../src/sources/git/pack/walk-history.ts'
import { readRefs } from '../../../../src/sources/git/refs.ts'
import { openRepository } from '../../../../src/sources/git/repository.ts'
import { history, importHistory } from '../../../support/generated-history.ts'
import { type GitObjects, loadObjects } from '../../../support/git-objects.ts'
import { createRepo } from '../../../support/git-repo.ts'
import { attributeSlowly } from '../../../support/history-oracle.ts'

const signal = new AbortController().signal

/** Every second commit and tree is swept into tables of their own. */
function inHalves(objects: GitObjects): Required<Pick<HistoryStore, 'sweep' | 'elsewhere'>> {
  const half = (rest: number, visit: HistoryVisitor): void => {
    let count = 0
    objects.sweep({
      commit: (...given) => void (count++ % 2 === rest && visit.commit(...given)),
      tree: (...given) => void (count++ % 2 === rest && visit.tree(...given)),
    })
  }
  return {
    sweep: (visit) => half(0, visit),
    async elsewhere(wanted) {
      const trees = new TreeTable(new IdTable(20))
      for (const id of wanted) trees.want(id)
      const commits = new CommitGraph(trees.ids)
      half(1, visitorOf(trees, commits))
      return structuredClone({ trees: trees.all(), commits: commits.all() })
    },
  }
}

describe('attribution', () => {
  it('agrees with a look at every tree of every commit, whatever the history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (generated) => {
        const repo = await createRepo()
        try {
          await importHistory(repo, generated)
          const objects = loadObjects(repo.path)
          const refs = await readRefs(openRepository(`${repo.path}/.git`, 'test'), 30_000, signal)
          const expected = await attributeSlowly(repo, refs.defaultBranch)

          const { places, gaps } = await attribute(objects, refs, objects.ids('blob'), { signal })

          const got = new Map([...places].map(([id, list]) => [id, list.map((one) => one.attribution)]))
          expect(got).toEqual(expected)
          expect(gaps).toBe(0)

          // Half of it read elsewhere, and handed over as threads do.
          const shared = { ...objects, ...inHalves(objects) }
          const halves = await attribute(shared, refs, objects.ids('blob'), { signal })
          expect(
            new Map([...halves.places].map(([id, list]) => [id, list.map((one) => one.attribution)])),
          ).toEqual(expected)

          // As deltas of one another, where the walk looks at fresh entries only.
          await repo.git('repack', '-q', '-a', '-d', '-f', '-k', '--window=50', '--depth=50')
          const repository = openRepository(`${repo.path}/.git`, 'test')
          const located = await locateBlobs(repository, new Set(objects.ids('blob')), refs, {
            timeoutMs: 30_000,
            signal,
          })
          expect(located).toEqual({ places: expected, gaps: 0 })
        } finally {
          await repo.remove()
        }
      }),
      { numRuns: 20, seed: 5 },
    )
  })

  it('reads no more than what came after commits that are known to hold none of the blobs', async () => {
    const repo = await createRepo()
    try {
      await repo.write('dir/old', 'old')
      await repo.commit('One')
      await repo.write('dir/old', 'older still')
      const known = await repo.commit('Two')
      await repo.write('dir/new', 'fresh')
      const first = await repo.commit('Three')
      await repo.write('other', 'x')
      await repo.commit('Four')
      const objects = loadObjects(repo.path)
      const refs = await readRefs(openRepository(`${repo.path}/.git`, 'test'), 30_000, signal)
      const blob = await repo.git('rev-parse', 'HEAD:dir/new')
      const asked: string[] = []
      const store = {
        read(id: string) {
          asked.push(id)
          return objects.read(id)
        },
      }

      const { places } = await attribute(store, refs, [blob], {
        signal,
        isKnown: (id) => Buffer.from(id).toString('hex') === known,
      })

      expect(places.get(blob)?.map((one) => one.attribution)).toMatchObject([
        { path: 'dir/new', commit_sha: first, commit_count: 2, at_head: true, ref: 'refs/heads/main' },
      ])
      expect(asked).not.toContain(known)
      expect(asked).not.toContain(await repo.git('rev-parse', 'HEAD~2^{tree}'))
    } finally {
      await repo.remove()
    }
  })
})
