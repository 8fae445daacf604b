import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GithubWorld } from '../../../src/demo/github/start.ts'
import { startTestGithub } from '../../support/github.ts'

describe('REST of the GitHub of the demo', () => {
  let world: GithubWorld

  beforeEach(async () => {
    world = await startTestGithub({
      limits: { code_search: { limit: 2, windowMilliseconds: 60_000 } },
    })
  })

  afterEach(() => world.close())

  function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${world.apiUrl}${path}`, { headers })
  }

  function withToken(): Record<string, string> {
    return { authorization: `Bearer ${world.token}` }
  }

  test('a private repository is not there for callers without the token', async () => {
    await world.addRepository({ owner: 'acme', name: 'secret', private: true })

    expect((await get('/repos/acme/secret')).status).toBe(404)
    expect(await (await get('/orgs/acme/repos')).json()).toEqual([])
    expect((await get('/repos/acme/secret', withToken())).status).toBe(200)
    expect(await (await get('/orgs/acme/repos', withToken())).json()).toHaveLength(1)
  })

  test('a wrong token is refused even for public content', async () => {
    await world.addRepository({ owner: 'acme', name: 'web' })

    const response = await get('/repos/acme/web', { authorization: 'Bearer wrong' })

    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ message: 'Bad credentials' })
  })

  test('pages are linked to their neighbours', async () => {
    for (const name of ['one', 'two', 'three']) await world.addRepository({ owner: 'acme', name })

    const middle = await get('/orgs/acme/repos?per_page=1&page=2&sort=created&direction=asc')

    expect(await middle.json()).toMatchObject([{ name: 'two' }])
    const link = middle.headers.get('link') ?? ''
    expect(
      [...link.matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)].map(([, page, rel]) => [rel, page]),
    ).toEqual([
      ['prev', '1'],
      ['next', '3'],
      ['last', '3'],
      ['first', '1'],
    ])
  })

  test('an answer that did not change is 304 and costs nothing', async () => {
    const first = await get('/orgs/acme/repos')
    const etag = first.headers.get('etag') ?? ''
    const remaining = first.headers.get('x-ratelimit-remaining')

    const second = await get('/orgs/acme/repos', { 'if-none-match': etag })

    expect(second.status).toBe(304)
    expect(second.headers.get('x-ratelimit-remaining')).toBe(remaining)
    await world.addRepository({ owner: 'acme', name: 'new' })
    expect((await get('/orgs/acme/repos', { 'if-none-match': etag })).status).toBe(200)
  })

  test('searches have a limit of their own', async () => {
    const statuses = []
    for (let call = 0; call < 3; call++) {
      statuses.push((await get('/search/code?q=word', withToken())).status)
    }
    const limits = (await (await get('/rate_limit', withToken())).json()) as {
      resources: Record<string, { remaining: number }>
    }

    expect(statuses).toEqual([200, 200, 403])
    expect(limits.resources.code_search?.remaining).toBe(0)
    expect(limits.resources.core?.remaining).toBe(5_000)
  })

  test('every answer has an id and the limits in its headers', async () => {
    const response = await get('/repos/acme/missing')

    expect(response.headers.get('x-github-request-id')).toMatch(/^[0-9A-F-]{36}$/)
    expect(response.headers.get('x-ratelimit-resource')).toBe('core')
    expect(Number(response.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000)
  })

  test('the log of calls names paths and answers and holds no token', async () => {
    await get('/repos/acme/missing?x=1', withToken())

    expect(world.requests()).toEqual([
      { method: 'GET', path: '/repos/acme/missing', query: { x: '1' }, authorized: true, status: 404 },
    ])
  })

  test('commits are the real log of a path, and contents the real file at a commit', async () => {
    const ids: string[] = []
    await world.addRepository({
      owner: 'acme',
      name: 'web',
      async build(history) {
        const author = { name: 'Ada', email: 'ada@acme.test' }
        const date = new Date('2026-03-01T10:00:00Z')
        ids.push(await history.commit({ message: 'One', author, date, files: { 'a/b.txt': '1' } }))
        ids.push(await history.commit({ message: 'Other', files: { other: 'x' } }))
        ids.push(await history.commit({ message: 'Two', files: { 'a/b.txt': '2' } }))
        ids.push(await history.commit({ message: 'Gone', files: { 'a/b.txt': null } }))
      },
    })

    const commits = (await (await get('/repos/acme/web/commits?path=a%2Fb.txt')).json()) as { sha: string }[]
    const file = (await (await get(`/repos/acme/web/contents/a/b.txt?ref=${ids[1]}`)).json()) as {
      content: string
      sha: string
    }
    const raw = await get(`/repos/acme/web/git/blobs/${file.sha}`, {
      accept: 'application/vnd.github.raw+json',
    })

    expect(commits.map(({ sha }) => sha)).toEqual([ids[3], ids[2], ids[0]])
    expect(commits[2]).toMatchObject({
      commit: {
        author: { name: 'Ada', email: 'ada@acme.test', date: '2026-03-01T10:00:00Z' },
        message: 'One',
      },
    })
    expect(Buffer.from(file.content, 'base64').toString()).toBe('1')
    expect(await raw.text()).toBe('1')
    expect((await get('/repos/acme/web/contents/a/b.txt')).status).toBe(404)
  })

  test('a stalled call gets no answer, the one after it does', async () => {
    world.inject({ kind: 'stall', path: /missing/ })

    const controller = new AbortController()
    const stalled = fetch(`${world.apiUrl}/repos/acme/missing`, { signal: controller.signal })
    stalled.catch(() => undefined)
    // The fault is used up once the call has arrived.
    await expect.poll(() => world.requests().length, { timeout: 20_000 }).toBe(1)
    controller.abort()

    await expect(stalled).rejects.toThrow()
    expect((await get('/repos/acme/missing')).status).toBe(404)
  })

  test('nothing is left of it on disk when it is closed', async () => {
    const other = await startTestGithub()
    const { directory } = await other.addRepository({ owner: 'acme', name: 'web' })
    expect(existsSync(directory)).toBe(true)

    await other.close()

    expect(existsSync(directory)).toBe(false)
  })

  test('more history goes on from what is there', async () => {
    const repository = await world.addRepository({
      owner: 'acme',
      name: 'web',
      build: async (history) => void (await history.commit({ message: 'One', files: { a: '1' } })),
    })

    await repository.change(async (history) => {
      await history.commit({ message: 'Two', files: { b: '2' } })
      await history.commit({ message: 'Side', branch: 'side', from: 'main', files: { c: '3' } })
      history.branch('copy', 'main')
    })
    await repository.change(async (history) => history.deleteBranch('copy'))

    const log = (await repository.git(['log', '--format=%s', '--all'])).toString().trim().split('\n')
    const branches = (await repository.git(['for-each-ref', '--format=%(refname:short)'])).toString()
    expect(log).toEqual(['Side', 'Two', 'One'])
    expect(branches.trim().split('\n')).toEqual(['main', 'side'])
  })
})
