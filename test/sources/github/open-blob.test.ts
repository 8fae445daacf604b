import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GithubWorld } from '../../../src/demo/github/start.ts'
import type { DemoRepository } from '../../../src/demo/github/world.ts'
import { type Blob, isProblem, type Place, type SourceProblem } from '../../../src/model/blob.ts'
import type { Task } from '../../../src/model/target.ts'
import { type GithubDeps, openGithubBlob } from '../../../src/sources/github/index.ts'
import { clientOf, startTestGithub } from '../../support/github.ts'

const signal = new AbortController().signal
type BlobTask = Extract<Task, { kind: 'github-blob' }>

describe('a blob that code search named', () => {
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

  async function taskFor(repository: DemoRepository, path: string): Promise<BlobTask> {
    const id = await repository.git(['rev-parse', `HEAD:${path}`])
    return {
      kind: 'github-blob',
      repository: repository.fullName,
      path,
      blobSha: id.toString().trim(),
      public: true,
      url: `${world.gitUrl}/${repository.fullName}/blob/main/${path}`,
    }
  }

  async function read(task: BlobTask, deps = github): Promise<{ place: Place; text: string }[]> {
    const result = []
    for (const item of await collect(task, deps)) {
      if ('problem' in item) throw new Error(item.message)
      result.push(item)
    }
    return result
  }

  /** Blobs are read while they are current, as archives ask for. */
  async function collect(
    task: BlobTask,
    deps = github,
  ): Promise<({ place: Place; text: string; blob: Blob } | SourceProblem)[]> {
    const unit = await openGithubBlob(task, deps)
    const items = []
    for await (const item of unit.blobs(signal)) {
      if (isProblem(item)) {
        items.push(item)
        continue
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of item.open(signal)) chunks.push(chunk)
      items.push({ place: item.place, text: Buffer.concat(chunks).toString(), blob: item })
    }
    await unit.close()
    return items
  }

  test('gives the bytes, the place and the object id, in one request', async () => {
    const text = `needle\n${'x'.repeat(300_000)}`
    const repository = await world.addRepository({
      owner: 'wanda',
      name: 'notes',
      build: async (history) => void (await history.commit({ message: 'One', files: { 'a/b.txt': text } })),
    })
    const task = await taskFor(repository, 'a/b.txt')

    const [item] = await collect(task)

    expect(item).toMatchObject({
      text,
      place: {
        type: 'github_blob',
        repository: 'wanda/notes',
        path: 'a/b.txt',
        blob_sha: task.blobSha,
        public: true,
      },
      blob: { contentId: task.blobSha },
    })
    expect(world.requests()).toHaveLength(1)
  })

  test('unpacks archives', async () => {
    const repository = await world.addRepository({
      owner: 'wanda',
      name: 'notes',
      build: async (history) =>
        void (await history.commit({ message: 'One', files: { 'log.gz': gzipSync('needle in a log') } })),
    })

    const items = await read(await taskFor(repository, 'log.gz'))

    expect(items).toMatchObject([{ text: 'needle in a log', place: { path: 'log.gz', archive_path: 'log' } }])
  })

  test('a blob that is gone is a problem', async () => {
    const repository = await world.addRepository({
      owner: 'wanda',
      name: 'notes',
      build: async (history) => void (await history.commit({ message: 'One', files: { a: 'x' } })),
    })
    const task = { ...(await taskFor(repository, 'a')), blobSha: 'a'.repeat(40) }

    const items = await collect(task)

    expect(items).toMatchObject([{ problem: 'error', code: 'not_found', subject: 'wanda/notes: a' }])
  })

  test('a blob over the limit ends with an error', async () => {
    const repository = await world.addRepository({
      owner: 'wanda',
      name: 'notes',
      build: async (history) =>
        void (await history.commit({ message: 'One', files: { a: 'x'.repeat(2_000_000) } })),
    })
    const task = await taskFor(repository, 'a')
    const small = clientOf(world, { limits: { maxBlobBytes: 1_000_000 } })

    await expect(collect(task, small)).rejects.toMatchObject({ code: 'too_large' })

    await small.close()
  })

  test('a limit is left to the queue and not told as a problem of the blob', async () => {
    const repository = await world.addRepository({
      owner: 'wanda',
      name: 'notes',
      build: async (history) => void (await history.commit({ message: 'One', files: { a: 'x' } })),
    })
    const task = await taskFor(repository, 'a')
    world.inject({ kind: 'secondary_limit', path: /blobs/, retryAfter: 60 })
    const hasty = clientOf(world, { limits: { maxWait: 10 } })

    await expect(collect(task, hasty)).rejects.toMatchObject({ code: 'rate_limited', retryable: true })

    await hasty.close()
  })

  test.each(['no-slash', '../x', 'a/b/c'])('the repository name %j is refused', async (repository) => {
    const task: BlobTask = {
      kind: 'github-blob',
      repository,
      path: 'a',
      blobSha: 'a'.repeat(40),
      public: true,
      url: '',
    }

    await expect(openGithubBlob(task, github)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  describe('its author', () => {
    const ada = { name: 'Ada', email: 'ada@acme.test' }
    const bob = { name: 'Bob', email: 'bob@acme.test' }

    async function locate(task: BlobTask, deps = github): Promise<Place | undefined> {
      const unit = await openGithubBlob(task, deps)
      const places: Place[] = []
      for await (const item of unit.blobs(signal)) if (!isProblem(item)) places.push(item.place)
      const located = await unit.locate(places, signal)
      await unit.close()
      return located[0]?.[0]
    }

    test('is the one who brought in these very bytes', async () => {
      let introduced = ''
      const repository = await world.addRepository({
        owner: 'wanda',
        name: 'notes',
        async build(history) {
          await history.commit({ message: 'One', author: bob, files: { 'a b.txt': 'harmless' } })
          const date = new Date('2026-05-06T07:08:09Z')
          introduced = await history.commit({
            message: 'Leak',
            author: ada,
            date,
            files: { 'a b.txt': 'needle' },
          })
          await history.commit({ message: 'Other', author: bob, files: { other: '1' } })
        },
      })

      const place = await locate(await taskFor(repository, 'a b.txt'))

      expect(place).toMatchObject({
        type: 'github_blob',
        commit_sha: introduced,
        author_name: 'Ada',
        author_email: 'ada@acme.test',
        committed_at: '2026-05-06T07:08:09Z',
      })
    })

    test('is found behind newer versions of the file', async () => {
      let task: BlobTask | null = null
      const repository = await world.addRepository({
        owner: 'wanda',
        name: 'notes',
        build: async (history) =>
          void (await history.commit({ message: 'L', author: ada, files: { a: 'needle' } })),
      })
      task = await taskFor(repository, 'a')
      await repository.change(async (history) => {
        await history.commit({ message: 'Newer', author: bob, files: { a: 'clean' } })
        await history.commit({ message: 'Gone', author: bob, files: { a: null } })
      })

      expect(await locate(task)).toMatchObject({ author_email: 'ada@acme.test' })
    })

    test('is not guessed where the history is longer than we look', async () => {
      const repository = await world.addRepository({
        owner: 'wanda',
        name: 'notes',
        async build(history) {
          await history.commit({ message: 'L', author: ada, files: { a: 'needle' } })
        },
      })
      const task = await taskFor(repository, 'a')
      await repository.change(async (history) => {
        for (let index = 0; index < 4; index++) {
          await history.commit({ message: 'N', author: bob, files: { a: `clean ${index}` } })
        }
      })
      const short = clientOf(world, { limits: { maxCommits: 3 } })

      const place = await locate(task, short)

      await short.close()
      expect(place).toMatchObject({ path: 'a', blob_sha: task.blobSha })
      expect(place).not.toHaveProperty('author_email')
    })

    test('is left open where GitHub fails, and the place stays', async () => {
      const repository = await world.addRepository({
        owner: 'wanda',
        name: 'notes',
        build: async (history) =>
          void (await history.commit({ message: 'L', author: ada, files: { a: 'needle' } })),
      })
      const task = await taskFor(repository, 'a')
      world.inject({ kind: 'server_error', path: /commits$/, times: 9 })

      const place = await locate(task)

      expect(place).toMatchObject({ path: 'a' })
      expect(place).not.toHaveProperty('author_email')
    })
  })
})
