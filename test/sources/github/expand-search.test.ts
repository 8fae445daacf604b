import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GithubWorld } from '../../../src/demo/github/start.ts'
import type { SourceProblem } from '../../../src/model/blob.ts'
import type { Task } from '../../../src/model/target.ts'
import { expandSearchPage, expandSearchSlice, type GithubDeps } from '../../../src/sources/github/index.ts'
import { clientOf, sendJson, startAnswering, startTestGithub } from '../../support/github.ts'

const signal = new AbortController().signal
type BlobTask = Extract<Task, { kind: 'github-blob' }>

describe('code search', () => {
  let world: GithubWorld
  let github: GithubDeps

  beforeEach(async () => {
    world = await startTestGithub()
    github = clientOf(world)
  })

  afterEach(async () => {
    await github.close()
    await world.close()
  })

  function addFiles(files: Record<string, string>, owner = 'wanda', name = 'notes'): Promise<unknown> {
    return world.addRepository({
      owner,
      name,
      build: async (history) => void (await history.commit({ message: 'All', files })),
    })
  }

  function slice(query: string): Extract<Task, { kind: 'github-search-slice' }> {
    return { kind: 'github-search-slice', query, minSize: 0, maxSize: null }
  }

  /** Runs tasks until none is left, as the queue does. */
  async function runAll(first: Task): Promise<{ blobs: BlobTask[]; ran: Task[]; problems: SourceProblem[] }> {
    const open: Task[] = [first]
    const blobs: BlobTask[] = []
    const ran: Task[] = []
    const problems: SourceProblem[] = []
    for (let task = open.shift(); task !== undefined; task = open.shift()) {
      if (task.kind === 'github-blob') blobs.push(task)
      if (task.kind !== 'github-search-slice' && task.kind !== 'github-search-page') continue
      ran.push(task)
      const expansion =
        task.kind === 'github-search-slice'
          ? await expandSearchSlice(task, github, signal)
          : await expandSearchPage(task, github, signal)
      open.push(...expansion.tasks)
      problems.push(...expansion.problems)
    }
    return { blobs, ran, problems }
  }

  test('a result becomes a task that names its blob', async () => {
    await addFiles({ 'src/a b.txt': 'needle' })

    const { blobs, problems } = await runAll(slice('needle'))

    expect(problems).toEqual([])
    expect(blobs).toEqual([
      {
        kind: 'github-blob',
        repository: 'wanda/notes',
        path: 'src/a b.txt',
        blobSha: expect.stringMatching(/^[0-9a-f]{40}$/),
        public: true,
        url: `${world.gitUrl}/wanda/notes/blob/main/src/a%20b.txt`,
      },
    ])
  })

  test('nothing found is nothing to do', async () => {
    expect(await expandSearchSlice(slice('needle'), github, signal)).toEqual({ tasks: [], problems: [] })
  })

  test('a quoted text is looked for as it stands', async () => {
    await addFiles({ a: 'acme internal gateway', b: 'gateway acme internal' })

    const { blobs } = await runAll(slice('"acme internal gateway"'))

    expect(blobs.map(({ path }) => path)).toEqual(['a'])
  })

  test('2,300 results are cut into slices that all fit, and every file is met once', async () => {
    const files: Record<string, string> = {}
    for (let index = 0; index < 2_300; index++) {
      files[`f${index}.txt`] = `needle ${index} ${'x'.repeat((index * 7) % 900)}`
    }
    await addFiles(files)

    const { blobs, ran, problems } = await runAll(slice('needle'))

    expect(problems).toEqual([])
    expect(new Set(blobs.map(({ path }) => path)).size).toBe(2_300)
    expect(blobs).toHaveLength(2_300)
    const pages = ran.filter((task) => task.kind === 'github-search-page')
    expect(pages.length).toBeGreaterThanOrEqual(23)
    expect(Math.max(...pages.map(({ page }) => page))).toBeLessThanOrEqual(10)
  })

  test('files of one size are cut by place and language', async () => {
    const files: Record<string, string> = {}
    for (let index = 0; index < 1_200; index++) {
      const extension = ['js', 'py', 'txt'][index % 3]
      const folder = index % 2 === 0 ? 'in/' : ''
      files[`${folder}f${index}.${extension}`] = `needle ${String(index).padStart(5, '0')}`
    }
    await addFiles(files)

    const { blobs, problems } = await runAll(slice('needle'))

    expect(problems).toEqual([])
    expect(new Set(blobs.map(({ path }) => path)).size).toBe(1_200)
    expect(blobs).toHaveLength(1_200)
  })

  test('what no cut makes smaller is a problem with both counts, and the first 1,000 are read', async () => {
    const files: Record<string, string> = {}
    for (let index = 0; index < 1_100; index++) files[`f${index}.txt`] = 'needle and no more'
    await addFiles(files)

    const { blobs, problems } = await runAll(slice('needle'))

    expect(blobs).toHaveLength(1_000)
    expect(problems).toMatchObject([
      {
        problem: 'error',
        code: 'too_large',
        message: expect.stringMatching(/1100 results.*1000.*100 are not read/),
      },
    ])
  })

  test('a search that ran out of time is asked again', async () => {
    await addFiles({ a: 'needle' })
    world.inject({ kind: 'incomplete_results', path: /^\/search/, times: 2 })

    const { tasks, problems } = await expandSearchSlice(slice('needle'), github, signal)

    expect(problems).toEqual([])
    expect(tasks).toHaveLength(1)
    expect(world.requests()).toHaveLength(3)
  })

  test('a search that always runs out of time gives what it has and a problem', async () => {
    await addFiles({ a: 'needle' })
    world.inject({ kind: 'incomplete_results', path: /^\/search/, times: 9 })

    const page = { kind: 'github-search-page', query: 'needle', page: 1 } as const
    const { tasks, problems } = await expandSearchPage(page, github, signal)

    expect(tasks).toMatchObject([{ kind: 'github-blob', path: 'a' }])
    expect(problems).toMatchObject([{ problem: 'error', code: 'timeout', subject: 'needle' }])
  })

  test('a query that GitHub does not take is an error that quotes it', async () => {
    await expect(expandSearchSlice(slice('size:1'), github, signal)).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringMatching(/"size:1".*must include at least one search term/),
    })
  })

  test('a search without a token is an error that asks for one', async () => {
    const anonymous = clientOf({ apiUrl: world.apiUrl })

    await expect(expandSearchSlice(slice('needle'), anonymous, signal)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('GITHUB_TOKEN'),
    })
    await anonymous.close()
  })

  test('the limit of searches is waited for until it ends', async () => {
    let calls = 0
    const server = await startAnswering((_request, response) => {
      calls++
      const reset = String(Math.floor(Date.now() / 1000))
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
      if (calls === 1) sendJson(response, { message: 'API rate limit exceeded for user ID 1.' }, 403, headers)
      else sendJson(response, { total_count: 1, incomplete_results: false, items: [] })
    })
    const logged: object[] = []
    const client = clientOf(server, { log: { warn: (fields) => logged.push(fields) } })

    const { tasks } = await expandSearchSlice(slice('needle'), client, signal)

    await client.close()
    await server.close()
    expect(tasks).toHaveLength(1)
    expect(calls).toBe(2)
    expect(logged).toMatchObject([{ limit: 'primary' }])
  })

  test('a limit of searches that is used up for longer is left to the queue', async () => {
    const limited = await startTestGithub({
      limits: { code_search: { limit: 1, windowMilliseconds: 60_000 } },
    })
    const client = clientOf(limited, { limits: { maxWait: 1_000 } })
    await expandSearchSlice(slice('needle'), client, signal)

    const second = await expandSearchSlice(slice('thread'), client, signal).catch((error: unknown) => error)

    await client.close()
    await limited.close()
    expect(second).toMatchObject({ code: 'rate_limited', retryable: true })
    expect((second as { retryAfter: number }).retryAfter).toBeGreaterThan(1_000)
  })
})
