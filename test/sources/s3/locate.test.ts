import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Place } from '../../../src/model/blob.ts'
import { createS3, type S3Deps } from '../../../src/sources/s3/client.ts'
import { openObjects } from '../../../src/sources/s3/open-objects.ts'
import { type S3World, startS3 } from '../../support/s3.ts'
import { firstPage, listAll, readUnit, signal, sourceFor } from './support.ts'

let world: S3World
let source: S3Deps

beforeAll(async () => {
  world = await startS3()
  source = sourceFor(world)
})

afterAll(async () => {
  source.close()
  await world.close()
})

async function locateAll(deps: S3Deps, bucket: string): Promise<Place[]> {
  const { objects } = await listAll(deps, firstPage(bucket))
  const unit = await openObjects({ kind: 's3-objects', bucket, objects }, deps)
  const { read } = await readUnit(unit)
  const places = read.map(({ blob }) => blob.place)
  return (await unit.locate(places, signal)).flat()
}

function asked(bucket: string, operation: string): number {
  return world.requests().filter((one) => one.bucket === bucket && one.operation === operation).length
}

test('the owner is the bucket tag, asked once a unit', async () => {
  world.createBucket('owned', { tags: { Owner: 'ann@corp.test', team: 'x' } })
  world.put('owned', 'a', 'x')
  world.put('owned', 'b', 'x')

  const places = await locateAll(source, 'owned')

  expect(places.map((one) => one.owner_hint)).toEqual(['ann@corp.test', 'ann@corp.test'])
  expect(asked('owned', 'GetBucketTagging')).toBe(1)
})

test('nothing is asked where nothing was found', async () => {
  world.createBucket('quiet', { tags: { owner: 'ann@corp.test' } })
  const unit = await openObjects({ kind: 's3-objects', bucket: 'quiet', objects: [] }, source)

  expect(await unit.locate([], signal)).toEqual([])
  expect(asked('quiet', 'GetBucketTagging')).toBe(0)
})

test.each([
  ['untagged', {}],
  ['worded', { owner: 'the payments team' }],
  ['many-addresses', { owner: 'a@corp.test, b@corp.test' }],
  ['header', { owner: 'a@corp.test\nBcc: b@corp.test' }],
])('%s names no owner', async (bucket, tags) => {
  world.createBucket(bucket, { tags })
  world.put(bucket, 'a', 'x')

  expect((await locateAll(source, bucket))[0]).not.toHaveProperty('owner_hint')
})

test('who may not read tags finds no owner, and a server that fails is asked again later', async () => {
  world.createBucket('guarded', { tags: { owner: 'ann@corp.test' } })
  world.put('guarded', 'a', 'x')
  const limited = sourceFor(world, { credentials: world.addKey(['GetBucketTagging']) })

  expect((await locateAll(limited, 'guarded'))[0]).not.toHaveProperty('owner_hint')
  world.fail({ kind: 'internal-error', operation: 'GetBucketTagging', times: 2 })
  await expect(locateAll(source, 'guarded')).rejects.toMatchObject({ code: 'remote_failed', retryable: true })
  limited.close()
})

test('only what anybody may read is public and has an address', async () => {
  world.createBucket('private')
  world.put('private', 'a', 'x')
  world.createBucket('open', { public: true, versioning: true })
  world.put('open', 'a b/ü', 'old')
  world.put('open', 'a b/ü', 'new')

  const [hidden] = await locateAll(source, 'private')
  const [newest, old] = await locateAll(source, 'open')

  expect(hidden).not.toHaveProperty('public')
  expect(hidden).not.toHaveProperty('url')
  expect(newest).toMatchObject({ public: true, url: `${world.endpoint}/open/a%20b/%C3%BC` })
  expect(old).not.toHaveProperty('public')
})

test('several places are asked about at once, and told in their order', async () => {
  world.createBucket('many', { public: true })
  const keys = Array.from({ length: 30 }, (_, i) => `k${String(i).padStart(2, '0')}`)
  for (const key of keys) world.put('many', key, 'x')
  const calls = await source.publicCalls()
  let now = 0
  let most = 0
  const watched: S3Deps = {
    ...source,
    publicCalls: async () => ({
      ...calls,
      async headObject(...about) {
        most = Math.max(most, ++now)
        return await calls.headObject(...about).finally(() => now--)
      },
    }),
  }

  const places = await locateAll(watched, 'many')

  expect(places.map((one) => one.url)).toEqual(keys.map((key) => `${world.endpoint}/many/${key}`))
  expect(most).toBe(source.limits.parallel)
})

test('all that is read without credentials is public', async () => {
  world.createBucket('anonymous', { public: true })
  world.put('anonymous', 'a', 'x')
  const anonymous = sourceFor(world, { anonymous: true })

  const places = await locateAll(anonymous, 'anonymous')

  expect(places).toEqual([expect.objectContaining({ public: true, url: `${world.endpoint}/anonymous/a` })])
  anonymous.close()
})

test('addresses hold no signature, and at AWS name the bucket in the host', () => {
  const aws = createS3()

  expect(aws.urlOf('logs', 'a/b c')).toBe('https://logs.s3.amazonaws.com/a/b%20c')
})
