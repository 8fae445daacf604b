import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Refs, readRefs } from '../../../../src/sources/git/refs.ts'
import { openRepository, type Repository } from '../../../../src/sources/git/repository.ts'
import { findRewritten } from '../../../../src/sources/git/state/rewritten.ts'
import { createRepo, type GitRepo } from '../../../support/git-repo.ts'

const signal = new AbortController().signal
let repo: GitRepo
let repository: Repository

beforeEach(async () => {
  repo = await createRepo()
  repository = openRepository(`${repo.path}/.git`, 'test')
  await repo.write('a', '1')
  await repo.commit('One')
  await repo.git('branch', 'side')
})

afterEach(() => repo.remove())

function refs(): Promise<Refs> {
  return readRefs(repository, 30_000, signal)
}

/** What changed since the refs were as in `before`. */
async function since(before: Refs) {
  const named = new Map(before.refs.map((ref) => [ref.name, ref.id]))
  return findRewritten(repository, named, await refs(), 30_000, signal)
}

describe('history that was rewritten', () => {
  it('is none where refs stayed or went ahead', async () => {
    const before = await refs()
    expect(await since(before)).toEqual({ refs: [], commits: [], isCut: false })
    await repo.write('a', '2')
    await repo.commit('Two')

    expect(await since(before)).toEqual({ refs: [], commits: [], isCut: false })
  })

  it('is a branch that was forced elsewhere, with the commits it left behind', async () => {
    await repo.write('a', '2')
    const lost = await repo.commit('Two')
    const before = await refs()
    await repo.write('a', '3')
    await repo.git('commit', '--quiet', '-a', '--amend', '-m', 'Other two')

    expect(await since(before)).toEqual({ refs: ['refs/heads/main'], commits: [lost], isCut: false })
  })

  it('is a branch that is gone; its commits are dropped only where nothing else leads to them', async () => {
    const before = await refs()
    await repo.git('branch', '-D', 'side')

    expect(await since(before)).toEqual({ refs: ['refs/heads/side'], commits: [], isCut: false })
  })

  it('is told also where the clone has lost what the ref named', async () => {
    const before = await refs()
    const gone = { name: 'refs/heads/other', id: '1'.repeat(40) }

    expect(await since({ ...before, refs: [...before.refs, gone] })).toEqual({
      refs: ['refs/heads/other'],
      commits: [],
      isCut: false,
    })
  })
})
