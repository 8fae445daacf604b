import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GithubWorld } from '../../../src/demo/github/start.ts'
import { startTestGithub } from '../../support/github.ts'

interface SearchBody {
  total_count: number
  items: { path: string; repository: { full_name: string }; text_matches?: { fragment: string }[] }[]
}

describe('code search of the GitHub of the demo', () => {
  let world: GithubWorld

  beforeEach(async () => {
    world = await startTestGithub()
    await world.addRepository({
      owner: 'acme',
      name: 'web',
      private: true,
      async build(history) {
        await history.commit({ message: 'Old', files: { 'gone.txt': 'needle' } })
        await history.commit({
          message: 'New',
          files: {
            'gone.txt': null,
            'top.json': '{"a":"Needle in hay"}',
            'src/app.py': 'x = "needle"\n# needle again',
            'src/deep/long.sh': `needle ${'x'.repeat(200)}`,
          },
        })
        await history.commit({ message: 'Side', branch: 'side', files: { 'side.txt': 'needle' } })
      },
    })
    await world.addRepository({
      owner: 'wanda',
      name: 'notes',
      build: async (history) =>
        void (await history.commit({ message: 'N', files: { 'n.md': 'a needle here' } })),
    })
  })

  afterEach(() => world.close())

  async function search(query: string, headers = {}): Promise<SearchBody> {
    const response = await fetch(`${world.apiUrl}/search/code?q=${encodeURIComponent(query)}`, {
      headers: { authorization: `token ${world.token}`, ...headers },
    })
    expect(response.status).toBe(200)
    return (await response.json()) as SearchBody
  }

  test.each([
    ['needle', ['top.json', 'src/app.py', 'src/deep/long.sh', 'n.md']],
    ['NEEDLE org:acme', ['top.json', 'src/app.py', 'src/deep/long.sh']],
    ['"needle in hay"', ['top.json']],
    ['needle again', ['src/app.py']],
    ['needle user:wanda', ['n.md']],
    ['needle repo:acme/web language:python', ['src/app.py']],
    ['needle -language:python -user:wanda', ['top.json', 'src/deep/long.sh']],
    ['needle path:/', ['top.json', 'n.md']],
    ['needle path:src/deep', ['src/deep/long.sh']],
    ['needle size:>=100', ['src/deep/long.sh']],
    ['needle size:0..25', ['top.json', 'n.md']],
    ['needle extension:json', ['top.json']],
    ['needle filename:app.py', ['src/app.py']],
    ['nowhere_to_be_found', []],
  ])('%s finds the files of default branches that hold it', async (query, paths) => {
    const { total_count, items } = await search(query)

    expect(items.map(({ path }) => path).sort()).toEqual([...paths].sort())
    expect(total_count).toBe(paths.length)
  })

  test('fragments come with their media type only', async () => {
    const plain = await search('needle user:wanda')
    const accept = 'application/vnd.github.text-match+json'
    const matched = await search('needle user:wanda', { accept })

    expect(plain.items[0]?.text_matches).toBeUndefined()
    expect(matched.items[0]?.text_matches).toMatchObject([
      {
        property: 'content',
        fragment: 'a needle here',
        matches: [{ text: 'needle', indices: [2, 8] }],
      },
    ])
  })

  test.each([
    ['without a token', 'q=needle', false, 401],
    ['without a query', '', true, 422],
    ['with qualifiers alone', 'q=size:1', true, 422],
    ['for results past the first 1,000', 'q=needle&per_page=100&page=11', true, 422],
  ])('a search %s is refused', async (_what, query, authorized, status) => {
    const response = await fetch(`${world.apiUrl}/search/code?${query}`, {
      headers: authorized ? { authorization: `token ${world.token}` } : {},
    })

    expect(response.status).toBe(status)
  })

  test('a commit made later is found at once', async () => {
    const repository = await world.addRepository({ owner: 'acme', name: 'late' })
    expect((await search('thimble')).total_count).toBe(0)

    await repository.change(
      async (history) => void (await history.commit({ message: 'L', files: { l: 'thimble' } })),
    )

    expect((await search('thimble')).total_count).toBe(1)
  })
})
