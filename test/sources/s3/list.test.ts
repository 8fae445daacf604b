import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { S3Deps } from '../../../src/sources/s3/client.ts'
import { expandBucketPage } from '../../../src/sources/s3/list.ts'
import { oddKeys, type S3World, startS3 } from '../../support/s3.ts'
import { firstPage, listAll, signal, sourceFor } from './support.ts'

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

test('every version of every key is listed once, over pages and batches', async () => {
  world.createBucket('paged', { versioning: true })
  const versions: string[] = []
  for (let index = 0; index < 1_100; index += 1) {
    versions.push(world.put('paged', `key-${index % 1_050}`, `text ${index}`))
  }

  const listing = await listAll(source, firstPage('paged'))

  expect(listing.pages).toBe(2)
  expect(new Set(listing.objects.map((one) => one.version_id))).toEqual(new Set(versions))
  expect(listing.objects).toHaveLength(1_100)
  expect(listing.objects.filter((one) => one.latest)).toHaveLength(1_050)
  expect(Math.max(...listing.batches.map((batch) => batch.length))).toBe(100)
  expect(listing.problems).toEqual([])
})

test('a key with more versions than a page is listed to its end', async () => {
  world.createBucket('deep', { versioning: true })
  for (let index = 0; index < 2_001; index += 1) world.put('deep', 'same', `${index}`)

  const listing = await listAll(source, firstPage('deep'))

  expect(new Set(listing.objects.map((one) => one.version_id)).size).toBe(2_001)
})

test('only keys under the prefix are listed', async () => {
  world.createBucket('prefixed')
  for (const key of ['logs/a', 'logs/b', 'logs2', 'other']) world.put('prefixed', key, 'x')

  const listing = await listAll(source, firstPage('prefixed', 'logs/'))

  expect(listing.objects.map((one) => one.key)).toEqual(['logs/a', 'logs/b'])
})

test('objects without versions have none and keep their ETag', async () => {
  world.createBucket('plain')
  world.put('plain', 'hello', 'hello')

  const listing = await listAll(source, firstPage('plain'))

  expect(listing.objects).toEqual([
    { key: 'hello', version_id: null, etag: '5d41402abc4b2a76b9719d911017c592', size: 5, latest: true },
  ])
})

test('odd keys come out exactly, and those that cannot be kept are reported', async () => {
  world.createBucket('odd')
  for (const key of oddKeys) world.put('odd', key, key)

  const listing = await listAll(source, firstPage('odd'))

  const kept = oddKeys.filter((key) => !key.includes('\0'))
  expect(listing.objects.map((one) => one.key).sort()).toEqual([...kept].sort())
  expect(listing.problems).toEqual([
    expect.objectContaining({ problem: 'error', code: 'unreadable', subject: 's3://odd/null\ufffdbyte' }),
  ])
})

test('a page that ends at a key with NUL is followed by the next page', async () => {
  world.createBucket('nul')
  for (let index = 0; index < 999; index += 1) world.put('nul', `a${String(index).padStart(3, '0')}`, 'x')
  world.put('nul', 'b\0', 'x')
  world.put('nul', 'c', 'x')

  const listing = await listAll(source, firstPage('nul'))

  expect(listing.pages).toBe(2)
  expect(listing.objects.at(-1)?.key).toBe('c')
})

test('delete markers and archived objects are named as skipped, folder placeholders are nothing', async () => {
  world.createBucket('mixed', { versioning: true })
  world.put('mixed', 'gone', 'x')
  world.remove('mixed', 'gone')
  world.put('mixed', 'cold', 'x', { storageClass: 'GLACIER' })
  world.put('mixed', 'colder', 'x', { storageClass: 'DEEP_ARCHIVE' })
  world.put('mixed', 'instant', 'x', { storageClass: 'GLACIER_IR' })
  world.put('mixed', 'folder/', '')

  const listing = await listAll(source, firstPage('mixed'))

  expect(listing.objects.map((one) => [one.key, one.latest])).toEqual([
    ['gone', false],
    ['instant', true],
  ])
  expect(listing.problems.map((one) => [one.problem, one.subject])).toEqual(
    expect.arrayContaining([
      ['skipped', 's3://mixed/gone'],
      ['skipped', 's3://mixed/cold'],
      ['skipped', 's3://mixed/colder'],
    ]),
  )
  expect(listing.problems).toHaveLength(3)
})

test('objects above the limit are skipped, and batches keep to their bytes', async () => {
  world.createBucket('big')
  for (const [key, size] of Object.entries({ a: 60, b: 60, c: 10, d: 150, e: 1 })) {
    world.put('big', key, 'x'.repeat(size))
  }
  const small = sourceFor(world, { limits: { batchBytes: 100, maxObjectBytes: 140 } })

  const listing = await listAll(small, firstPage('big'))

  expect(listing.batches.map((batch) => batch.map((one) => one.key))).toEqual([['a'], ['b', 'c', 'e']])
  expect(listing.problems).toEqual([
    expect.objectContaining({ problem: 'skipped', code: 'too_large', subject: 's3://big/d' }),
  ])
  small.close()
})

describe('where versions may not be listed', () => {
  test('the newest objects are listed over pages, and the gap is told once', async () => {
    world.createBucket('newest', { versioning: true })
    for (let index = 0; index < 1_001; index += 1) world.put('newest', `k${index} +`, 'old')
    world.put('newest', 'k0 +', 'new')
    const limited = sourceFor(world, { credentials: world.addKey(['ListObjectVersions']) })

    const listing = await listAll(limited, firstPage('newest'))

    expect(listing.pages).toBe(2)
    expect(new Set(listing.objects.map((one) => one.key)).size).toBe(1_001)
    expect(listing.objects.every((one) => one.version_id === null && one.latest)).toBe(true)
    expect(listing.problems).toEqual([
      expect.objectContaining({ problem: 'skipped', code: 'forbidden', subject: 's3://newest/' }),
    ])
    limited.close()
  })

  test('a server that has no versions is no gap', async () => {
    world.createBucket('simple')
    world.put('simple', 'k', 'x')
    world.fail({ kind: 'not-implemented', operation: 'ListObjectVersions', bucket: 'simple' })

    const listing = await listAll(source, firstPage('simple'))

    expect(listing.objects).toHaveLength(1)
    expect(listing.problems).toEqual([])
  })

  test('a public bucket is listed without credentials', async () => {
    world.createBucket('open', { public: true })
    world.put('open', 'k', 'x')
    const anonymous = sourceFor(world, { anonymous: true })

    const listing = await listAll(anonymous, firstPage('open'))

    expect(listing.objects).toHaveLength(1)
    expect(world.requests().filter((one) => one.bucket === 'open' && one.caller !== null)).toEqual([])
    anonymous.close()
  })
})

describe('a listing that never ends', () => {
  test.each(['same-page', 'no-marker'] as const)('%s is reported and left', async (kind) => {
    world.createBucket(kind)
    world.put(kind, 'k', 'x')
    world.fail({ kind, bucket: kind, times: 1_000 })

    const listing = await listAll(source, firstPage(kind))

    world.clearFaults()
    expect(listing.pages).toBeLessThan(4)
    expect(listing.problems).toEqual([
      expect.objectContaining({ problem: 'error', code: 'remote_failed', subject: `s3://${kind}/` }),
    ])
  })

  test.each(['same-page', 'no-marker'] as const)('%s is seen without versions too', async (kind) => {
    world.createBucket(`plain-${kind}`)
    world.put(`plain-${kind}`, 'k', 'x')
    world.fail({ kind: 'not-implemented', operation: 'ListObjectVersions', times: 1_000 })
    world.fail({ kind, operation: 'ListObjectsV2', times: 1_000 })

    const listing = await listAll(source, firstPage(`plain-${kind}`))

    world.clearFaults()
    expect(listing.pages).toBeLessThan(4)
    expect(listing.problems).toEqual([expect.objectContaining({ problem: 'error', code: 'remote_failed' })])
  })

  test('always new keys are read up to the cap of pages', async () => {
    world.createBucket('growing')
    world.put('growing', 'k', 'x')
    world.fail({ kind: 'ever-new-keys', bucket: 'growing', times: 1_000 })
    const capped = sourceFor(world, { limits: { maxPages: 5 } })

    const listing = await listAll(capped, firstPage('growing'))

    world.clearFaults()
    expect(listing.pages).toBe(5)
    expect(listing.problems).toEqual([
      expect.objectContaining({ problem: 'error', message: expect.stringContaining('more than 5 pages') }),
    ])
    capped.close()
  })
})

describe('a bucket that cannot be listed', () => {
  test.each([
    ['missing', 'not_found', 'does not exist'],
    ['elsewhere', 'remote_refused', '"eu-central-1"'],
    ['Bad Name', 'usage', 'not a name'],
    ['..', 'usage', 'not a name'],
  ])('%s is told with its name', async (bucket, code, words) => {
    world.createBucket('elsewhere', { region: 'eu-central-1' })

    const failure = expandBucketPage(firstPage(bucket), source, signal)

    await expect(failure).rejects.toMatchObject({ name: 'AppError', code })
    await expect(failure).rejects.toThrow(`"${bucket}"`)
    await expect(failure).rejects.toThrow(words)
  })

  test.each([
    [['ListObjectVersions', 'ListObjectsV2'] as const, {}, 'forbidden'],
    [[], { accessKeyId: 'UNKNOWN' }, 'unauthorized'],
    [[], { secretAccessKey: 'wrong' }, 'unauthorized'],
  ])('denied %j with %j is %s', async (deny, change, code) => {
    world.createBucket('closed')
    const other = sourceFor(world, { credentials: { ...world.addKey(deny), ...change } })

    await expect(expandBucketPage(firstPage('closed'), other, signal)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('"closed"'),
    })
    other.close()
  })

  test('a server that is too busy is worth another try, one that sends us away is not', async () => {
    world.createBucket('busy')
    world.fail({ kind: 'slow-down', bucket: 'busy', times: 2 })
    await expect(expandBucketPage(firstPage('busy'), source, signal)).rejects.toMatchObject({
      code: 'rate_limited',
      retryable: true,
    })

    world.fail({ kind: 'redirect', bucket: 'busy', times: 2 })
    await expect(expandBucketPage(firstPage('busy'), source, signal)).rejects.toMatchObject({
      code: 'remote_refused',
      retryable: false,
    })
    world.clearFaults()
  })

  test('a listing that stalls or does not stop is cut off', async () => {
    world.createBucket('slow')
    for (let index = 0; index < 50; index += 1) world.put('slow', `k${index}`, 'x')
    const hasty = sourceFor(world, { limits: { stallTimeout: 200, maxAnswerBytes: 20_000 }, maxAttempts: 1 })

    world.fail({ kind: 'stall', bucket: 'slow' })
    await expect(expandBucketPage(firstPage('slow'), hasty, signal)).rejects.toMatchObject({
      code: 'timeout',
    })
    world.fail({ kind: 'endless', bucket: 'slow' })
    await expect(expandBucketPage(firstPage('slow'), hasty, signal)).rejects.toMatchObject({
      code: 'too_large',
    })
    hasty.close()
  })

  test('a server that is not there is worth another try', async () => {
    const gone = sourceFor(world, { endpoint: 'http://127.0.0.1:1', maxAttempts: 1 })

    await expect(expandBucketPage(firstPage('any'), gone, signal)).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    })
    gone.close()
  })

  test('an abort ends the question with the reason given', async () => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))

    await expect(expandBucketPage(firstPage('busy'), source, stop.signal)).rejects.toThrow('enough')
  })
})
