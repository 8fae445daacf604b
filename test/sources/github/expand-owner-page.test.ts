import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GithubWorld } from '../../../src/demo/github/start.ts'
import type { ListingTask, Task } from '../../../src/model/target.ts'
import { expandOwnerPage, expandRepository, type GithubDeps } from '../../../src/sources/github/index.ts'
import { clientOf, startTestGithub } from '../../support/github.ts'

const signal = new AbortController().signal

describe('repositories of an owner', () => {
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

  const oneCommit = {
    build: async (history: { commit(input: object): Promise<string> }) =>
      void (await history.commit({ message: 'One', files: { a: '1' } })),
  }

  function page(owner: string, number = 1): Extract<ListingTask, { kind: 'github-owner-page' }> {
    return { kind: 'github-owner-page', owner, page: number }
  }

  test('an organisation becomes one git task a repository, forks and archived ones too', async () => {
    await world.addRepository({ owner: 'acme', name: 'web', private: true, ...oneCommit })
    await world.addRepository({ owner: 'acme', name: 'old', archived: true, ...oneCommit })
    await world.addRepository({ owner: 'acme', name: 'copy', fork: true, ...oneCommit })

    const { tasks, problems } = await expandOwnerPage(page('acme'), github, signal)

    expect(problems).toEqual([])
    expect(tasks).toEqual([
      {
        kind: 'git',
        location: `${world.gitUrl}/acme/web.git`,
        repository: 'acme/web',
        public: false,
        url: `${world.gitUrl}/acme/web`,
      },
      expect.objectContaining({ repository: 'acme/old', public: true }),
      expect.objectContaining({ repository: 'acme/copy', public: true }),
    ])
  })

  test('a user is listed where no organisation has the name', async () => {
    await world.addRepository({ owner: 'wanda', name: 'notes', ...oneCommit })

    const { tasks } = await expandOwnerPage(page('wanda'), github, signal)

    expect(tasks).toMatchObject([{ kind: 'git', repository: 'wanda/notes' }])
  })

  test('empty and disabled repositories are skipped and say so', async () => {
    await world.addRepository({ owner: 'acme', name: 'empty' })
    await world.addRepository({ owner: 'acme', name: 'banned', disabled: true, ...oneCommit })

    const { tasks, problems } = await expandOwnerPage(page('acme'), github, signal)

    expect(tasks).toEqual([])
    expect(problems).toMatchObject([
      { problem: 'skipped', code: 'empty', subject: 'acme/empty' },
      { problem: 'skipped', code: 'forbidden', subject: 'acme/banned' },
    ])
  })

  test('250 repositories come in three pages, each once', async () => {
    for (let index = 0; index < 250; index++) {
      await world.addRepository({ owner: 'acme', name: `r${index}`, reportedSize: 12 })
    }

    const open: Task[] = [page('acme')]
    const repositories: string[] = []
    let pages = 0
    for (let task = open.shift(); task !== undefined; task = open.shift()) {
      if (task.kind === 'git') repositories.push(task.repository)
      if (task.kind !== 'github-owner-page') continue
      pages++
      open.push(...(await expandOwnerPage(task, github, signal)).tasks)
    }

    expect(pages).toBe(3)
    expect(repositories).toHaveLength(250)
    expect(new Set(repositories).size).toBe(250)
  })

  test('a listing longer than the page limit is a problem that names the owner', async () => {
    for (let index = 0; index < 101; index++) {
      await world.addRepository({ owner: 'acme', name: `r${index}`, reportedSize: 12 })
    }
    const logged: object[] = []
    const short = clientOf(world, { limits: { maxPages: 1 }, log: { warn: (fields) => logged.push(fields) } })

    const { tasks, problems } = await expandOwnerPage(page('acme'), short, signal)

    await short.close()
    expect(tasks.every(({ kind }) => kind === 'git')).toBe(true)
    expect(problems).toMatchObject([{ problem: 'error', code: 'too_large', subject: 'acme' }])
    expect(logged).toEqual([{ owner: 'acme', page: 1 }])
  })

  test('a single repository is one git task with its visibility', async () => {
    await world.addRepository({ owner: 'acme', name: 'web', private: true, ...oneCommit })

    const task = { kind: 'github-repository', owner: 'acme', repo: 'web' } as const
    const { tasks, problems } = await expandRepository(task, github, signal)

    expect(problems).toEqual([])
    expect(tasks).toMatchObject([{ kind: 'git', repository: 'acme/web', public: false }])
  })

  test.each([
    ['an owner that does not exist', page('nobody'), 'not_found', 'nobody'],
    ['an owner with an odd name', page('../acme'), 'usage', '../acme'],
  ])('%s is an error that quotes it', async (_what, task, code, quoted) => {
    await expect(expandOwnerPage(task, github, signal)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`"${quoted}"`),
    })
  })

  test.each([
    ['missing', 'not_found'],
    ['..', 'usage'],
    ['a/b', 'usage'],
  ])('the repository %s is an error', async (repo, code) => {
    const task = { kind: 'github-repository', owner: 'acme', repo } as const

    await expect(expandRepository(task, github, signal)).rejects.toMatchObject({ code })
  })

  test('an unchanged listing is asked for by its ETag', async () => {
    await world.addRepository({ owner: 'acme', name: 'web', ...oneCommit })

    const first = await expandOwnerPage(page('acme'), github, signal)
    const second = await expandOwnerPage(page('acme'), github, signal)

    expect(second).toEqual(first)
    expect(world.requests().map(({ status }) => status)).toEqual([200, 304])
  })

  test('a secondary limit is waited for as long as GitHub says', async () => {
    await world.addRepository({ owner: 'acme', name: 'web', ...oneCommit })
    world.inject({ kind: 'secondary_limit', path: /^\/orgs/, retryAfter: 1 })
    const logged: object[] = []
    const patient = clientOf(world, { log: { warn: (fields) => logged.push(fields) } })

    const { tasks } = await expandOwnerPage(page('acme'), patient, signal)

    await patient.close()
    expect(tasks).toHaveLength(1)
    expect(world.requests().map(({ status }) => status)).toEqual([403, 200])
    expect(logged).toMatchObject([{ limit: 'secondary', seconds: 1 }])
  })

  test('a limit that lasts longer than we wait is left to the queue, with its time', async () => {
    world.inject({ kind: 'secondary_limit', path: /^\/orgs/, retryAfter: 30, times: 5 })
    const hasty = clientOf(world, { limits: { maxWait: 1_000 } })

    const expansion = expandOwnerPage(page('acme'), hasty, signal)

    await expect(expansion).rejects.toMatchObject({
      code: 'rate_limited',
      retryable: true,
      retryAfter: 30_000,
    })
    await hasty.close()
    expect(world.requests()).toHaveLength(1)
  })

  test('a failing server is asked again', async () => {
    await world.addRepository({ owner: 'acme', name: 'web', ...oneCommit })
    world.inject({ kind: 'server_error', path: /^\/orgs/, times: 2 })

    const { tasks } = await expandOwnerPage(page('acme'), github, signal)

    expect(tasks).toHaveLength(1)
    expect(world.requests().map(({ status }) => status)).toEqual([502, 502, 200])
  })

  test('a wrong token is an error that does not show it', async () => {
    const token = ['wrong', 'token'].join('-')
    const refused = clientOf({ apiUrl: world.apiUrl, token })

    const failure = await expandOwnerPage(page('acme'), refused, signal).catch((error: unknown) => error)

    await refused.close()
    expect(failure).toMatchObject({ code: 'unauthorized' })
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain(token)
  })

  test('an abort ends a wait at once', async () => {
    world.inject({ kind: 'secondary_limit', path: /^\/orgs/, retryAfter: 1, times: 5 })
    const controller = new AbortController()
    const log = { warn: () => controller.abort() }
    const waiting = clientOf(world, { log })

    const expansion = expandOwnerPage(page('acme'), waiting, controller.signal)

    await expect(expansion).rejects.toMatchObject({ code: 'unavailable' })
    await waiting.close()
  })
})
