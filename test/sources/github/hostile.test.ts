/** What GitHub would never say, and a server in its place may. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { isProblem } from '../../../src/model/blob.ts'
import {
  expandOwnerPage,
  expandRepository,
  expandSearchPage,
  expandSearchSlice,
  type GithubDeps,
  openGithubBlob,
} from '../../../src/sources/github/index.ts'
import { type AnsweringServer, clientOf, sendJson, startAnswering } from '../../support/github.ts'

const signal = new AbortController().signal
const token = ['made', 'up', 'token', 'value'].join('_')
const ownerPage = { kind: 'github-owner-page', owner: 'acme', page: 1 } as const
const searchPage = { kind: 'github-search-page', query: 'needle', page: 1 } as const
const oneRepository = { kind: 'github-repository', owner: 'acme', repo: 'web' } as const

describe('a server that is not what it should be', () => {
  const open: { close(): Promise<void> }[] = []

  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
  })

  async function start(
    answer: (request: IncomingMessage, response: ServerResponse, origin: string) => void,
    limits: Parameters<typeof clientOf>[1] = {},
  ): Promise<{ server: AnsweringServer; github: GithubDeps }> {
    const server = await startAnswering(answer)
    const github = clientOf({ apiUrl: server.apiUrl, token }, limits)
    open.push(github, server)
    return { server, github }
  }

  function repository(origin: string, more: object = {}): object {
    return {
      full_name: 'acme/web',
      private: true,
      clone_url: `${origin}/acme/web.git`,
      html_url: `${origin}/acme/web`,
      disabled: false,
      size: 1,
      ...more,
    }
  }

  test.each([
    ['an object for a list', { message: 'hello' }],
    ['text for a list', 'hello'],
    ['nothing for a list', null],
    ['more than a page', Array.from({ length: 101 }, () => ({}))],
  ])('%s is an error that names the owner', async (_what, body) => {
    const { github } = await start((_request, response) => sendJson(response, body))

    await expect(expandOwnerPage(ownerPage, github, signal)).rejects.toMatchObject({
      code: 'remote_failed',
      message: expect.stringContaining('"acme"'),
    })
  })

  test('text that is not JSON is an error', async () => {
    const { github } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"half":')
    })

    await expect(expandOwnerPage(ownerPage, github, signal)).rejects.toMatchObject({ code: 'remote_failed' })
  })

  test('one repository of the wrong form does not lose the others', async () => {
    const { github, server } = await start((_request, response, origin) =>
      sendJson(response, [{ full_name: 7 }, repository(origin), null]),
    )

    const { tasks, problems } = await expandOwnerPage(ownerPage, github, signal)

    expect(tasks).toMatchObject([{ kind: 'git', location: `${server.origin}/acme/web.git` }])
    expect(problems).toHaveLength(2)
  })

  test.each([
    ['another host', 'https://evil.test/acme/web.git'],
    ['another port', 'http://127.0.0.1:1/acme/web.git'],
    ['a local file', 'file:///etc/passwd'],
    ['a transport that runs commands', 'ext::sh -c id'],
    ['an option in disguise', '--upload-pack=touch /tmp/x'],
    ['no address', 'not an address'],
  ])('a clone address at %s is not followed', async (_what, cloneUrl) => {
    const { github } = await start((_request, response, origin) =>
      sendJson(response, repository(origin, { clone_url: cloneUrl })),
    )

    const { tasks, problems } = await expandRepository(oneRepository, github, signal)

    expect(tasks).toEqual([])
    expect(problems).toMatchObject([{ problem: 'error', code: 'blocked_target' }])
  })

  test.each([
    ['another repository', (origin: string) => `${origin}/acme/other.git`],
    ['credentials inside', (origin: string) => `${origin.replace('//', '//me:pass@')}/acme/web.git`],
    ['a query', (origin: string) => `${origin}/acme/web.git?x=1`],
  ])('a clone address with %s is not followed', async (_what, cloneUrl) => {
    const { github } = await start((_request, response, origin) =>
      sendJson(response, repository(origin, { clone_url: cloneUrl(origin) })),
    )

    const { tasks } = await expandRepository(oneRepository, github, signal)

    expect(tasks).toEqual([])
  })

  test('a host that the operator named may serve the clone', async () => {
    const { github } = await start(
      (_request, response, origin) =>
        sendJson(response, repository(origin, { clone_url: 'https://git.acme.test/acme/web.git' })),
      { webOrigins: ['https://git.acme.test'] },
    )

    const { tasks } = await expandRepository(oneRepository, github, signal)

    expect(tasks).toMatchObject([{ location: 'https://git.acme.test/acme/web.git' }])
  })

  test.each(['../../etc/passwd', 'acme/..', 'acme/web/extra', '-x/web', 'acme/we\u001b[31mb', ''])(
    'a repository named %j is left out and shown escaped',
    async (fullName) => {
      const { github } = await start((_request, response, origin) =>
        sendJson(response, repository(origin, { full_name: fullName })),
      )

      const { tasks, problems } = await expandRepository(oneRepository, github, signal)

      expect(tasks).toEqual([])
      expect(problems).toHaveLength(1)
      expect(`${problems[0]?.message} ${problems[0]?.subject}`).not.toContain('\u001b')
    },
  )

  test('a page link that is no web address is not shown', async () => {
    const { github } = await start((_request, response, origin) =>
      sendJson(response, repository(origin, { html_url: 'javascript:alert(1)' })),
    )

    const { tasks } = await expandRepository(oneRepository, github, signal)

    expect(tasks).toMatchObject([{ url: null }])
  })

  test('a redirect within the host is followed, as for renamed repositories', async () => {
    const { github } = await start((request, response, origin) => {
      if (request.url?.endsWith('/repos/acme/web')) {
        response.writeHead(301, { location: `${origin}/api/v3/repositories/1` }).end()
      } else sendJson(response, repository(origin))
    })

    const { tasks } = await expandRepository(oneRepository, github, signal)

    expect(tasks).toHaveLength(1)
  })

  test('a redirect to another host is not followed and the token does not go there', async () => {
    const { server: other } = await start((_request, response, origin) =>
      sendJson(response, repository(origin)),
    )
    const { github } = await start((_request, response) => {
      response.writeHead(302, { location: `${other.apiUrl}/repos/acme/web` }).end()
    })

    await expect(expandRepository(oneRepository, github, signal)).rejects.toMatchObject({
      code: 'blocked_target',
    })

    expect(other.seen).toEqual([])
  })

  test('redirects in a circle end', async () => {
    const { github, server } = await start((request, response) => {
      response.writeHead(302, { location: request.url }).end()
    })

    await expect(expandRepository(oneRepository, github, signal)).rejects.toMatchObject({
      code: 'blocked_target',
    })

    expect(server.seen.length).toBeLessThan(10)
  })

  test('pages that never end stop at the limit', async () => {
    const { github, server } = await start(
      (_request, response, origin) => {
        const link = `<${origin}/api/v3/orgs/acme/repos?page=2>; rel="next"`
        sendJson(response, [], 200, { link })
      },
      { limits: { maxPages: 5 } },
    )

    let pages = 0
    let problems: unknown[] = []
    for (let page: number | null = 1; page !== null; ) {
      const expansion = await expandOwnerPage({ ...ownerPage, page }, github, signal)
      pages++
      problems = expansion.problems
      const [next] = expansion.tasks
      page = next?.kind === 'github-owner-page' ? next.page : null
    }

    expect(pages).toBe(5)
    expect(server.seen).toHaveLength(5)
    expect(problems).toMatchObject([{ problem: 'error', code: 'too_large' }])
  })

  test('search pages never go past the 1,000 results GitHub gives', async () => {
    const { github } = await start((_request, response, origin) => {
      const link = `<${origin}/api/v3/search/code?page=2>; rel="next"`
      sendJson(response, { total_count: 5, incomplete_results: false, items: [] }, 200, { link })
    })

    const { tasks } = await expandSearchPage({ ...searchPage, page: 10 }, github, signal)

    expect(tasks).toEqual([])
  })

  test('results that came since the search was counted are not lost silently', async () => {
    const { github } = await start((_request, response) => {
      sendJson(response, { total_count: 1_003, incomplete_results: false, items: [] })
    })

    const { problems } = await expandSearchPage({ ...searchPage, page: 10 }, github, signal)

    expect(problems).toMatchObject([{ problem: 'error', code: 'too_large' }])
  })

  test('results are validated one by one and met once', async () => {
    const { github } = await start((_request, response, origin) => {
      const good = {
        path: 'a',
        sha: 'b'.repeat(40),
        html_url: 'https://evil.test/a',
        repository: { full_name: 'acme/web', private: false },
      }
      const items = [
        good,
        good,
        { ...good, sha: '../x' },
        { ...good, repository: { full_name: '..', private: false } },
      ]
      sendJson(response, { total_count: 4, incomplete_results: false, items: [...items, origin] })
    })

    const { tasks, problems } = await expandSearchPage(searchPage, github, signal)

    expect(tasks).toHaveLength(1)
    expect(tasks[0]).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/acme\/web\/blob\/HEAD\/a$/),
    })
    expect(problems).toHaveLength(3)
  })

  test.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'not_found'],
    [422, 'unprocessable'],
    [451, 'forbidden'],
    [418, 'remote_failed'],
    [500, 'remote_failed'],
  ])('status %i becomes %s', async (status, code) => {
    const { github } = await start((_request, response) => sendJson(response, { message: 'no' }, status))

    await expect(expandRepository(oneRepository, github, signal)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('"acme/web"'),
    })
  })

  test('a refusal that repeats the token does not show it', async () => {
    const { github } = await start((request, response) => {
      sendJson(response, { message: `bad: ${request.headers.authorization}` }, 422)
    })

    const failure = await expandSearchSlice(
      { kind: 'github-search-slice', query: 'needle', minSize: 0, maxSize: null },
      github,
      signal,
    ).catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'unprocessable', message: expect.stringContaining('bad: token') })
    expect(String((failure as Error).stack)).not.toContain(token)
    expect((failure as Error).cause).toBeUndefined()
  })

  test('429 with a time is waited for', async () => {
    let calls = 0
    const { github } = await start((_request, response, origin) => {
      calls++
      if (calls === 1) sendJson(response, { message: 'slow down' }, 429, { 'retry-after': '1' })
      else sendJson(response, repository(origin))
    })

    const { tasks } = await expandRepository(oneRepository, github, signal)

    expect(tasks).toHaveLength(1)
    expect(calls).toBe(2)
  })

  test('a server that never answers is given up', async () => {
    const { github } = await start(() => undefined, { limits: { requestTimeout: 60 } })

    await expect(expandRepository(oneRepository, github, signal)).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
    })
  })

  test('a server that stops in the middle of its answer is given up', async () => {
    const { github } = await start(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('[')
      },
      { limits: { requestTimeout: 60 } },
    )

    await expect(expandOwnerPage(ownerPage, github, signal)).rejects.toMatchObject({ code: 'timeout' })
  })

  test('an answer that does not end is cut, also where it is packed', async () => {
    const { github, server } = await start(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        response.end(gzipSync(' '.repeat(3_000_000)))
      },
      { limits: { maxAnswerBytes: 1_000_000 } },
    )

    await expect(expandOwnerPage(ownerPage, github, signal)).rejects.toMatchObject({ code: 'too_large' })
    expect(server.seen).toHaveLength(1)
  })

  test('a blob that breaks off is an error and not a shorter blob', async () => {
    const { github } = await start((_request, response) => {
      response.writeHead(200, { 'content-length': '1000000' })
      response.write('needle'.repeat(1_000), () => response.destroy())
    })
    const task = {
      kind: 'github-blob',
      repository: 'acme/web',
      path: 'a',
      blobSha: 'a'.repeat(40),
      public: true,
      url: '',
    } as const

    const unit = await openGithubBlob(task, github)
    const read = async () => {
      for await (const item of unit.blobs(signal)) {
        if (isProblem(item)) return item
        for await (const _chunk of item.open(signal)) continue
      }
      return null
    }

    const outcome = await read().catch((error: unknown) => error)

    expect(outcome).toMatchObject({ code: 'remote_failed' })
  })

  test('an unasked 304 is an error', async () => {
    const { github } = await start((_request, response) => response.writeHead(304).end())

    await expect(expandRepository(oneRepository, github, signal)).rejects.toMatchObject({
      code: 'remote_failed',
    })
  })
})
