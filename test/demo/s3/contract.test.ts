/** The local S3 against the real SDK: what clients of S3 rely on, one check each. */
import { Readable } from 'node:stream'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientFor, oddKeys, type S3World, startS3, unsignedClientFor } from '../../support/s3.ts'

let world: S3World
let client: S3Client
let unsigned: S3Client

beforeAll(async () => {
  world = await startS3()
  client = clientFor(world)
  unsigned = unsignedClientFor(world)
})

afterAll(async () => {
  client.destroy()
  unsigned.destroy()
  await world.close()
})

async function put(Bucket: string, Key: string, Body: string | Buffer): Promise<string | undefined> {
  return (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId
}

async function get(Bucket: string, Key: string, more: object = {}): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }))
  return (await Body?.transformToString()) ?? ''
}

describe('buckets', () => {
  test('are created, listed, found and deleted', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'made-here' }))
    const { Buckets } = await client.send(new ListBucketsCommand({}))
    await client.send(new HeadBucketCommand({ Bucket: 'made-here' }))

    await client.send(new DeleteBucketCommand({ Bucket: 'made-here' }))

    expect(Buckets?.map((one) => one.Name)).toContain('made-here')
    await expect(client.send(new HeadBucketCommand({ Bucket: 'made-here' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    })
  })

  test('refuse a second creation and a bad name', async () => {
    world.createBucket('taken')

    await expect(client.send(new CreateBucketCommand({ Bucket: 'taken' }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    })
    await expect(client.send(new CreateBucketCommand({ Bucket: 'Bad_Name' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    })
  })

  test('are not deleted while something is in them', async () => {
    world.createBucket('full')
    world.put('full', 'a', 'x')

    await expect(client.send(new DeleteBucketCommand({ Bucket: 'full' }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    })
  })

  test('keep their tags, and say when there are none', async () => {
    world.createBucket('tagged')
    await expect(client.send(new GetBucketTaggingCommand({ Bucket: 'tagged' }))).rejects.toMatchObject({
      name: 'NoSuchTagSet',
    })

    const TagSet = [
      { Key: 'owner', Value: 'ann+s3@corp.test' },
      { Key: 'a<b', Value: '"&' },
    ]
    await client.send(new PutBucketTaggingCommand({ Bucket: 'tagged', Tagging: { TagSet } }))

    expect((await client.send(new GetBucketTaggingCommand({ Bucket: 'tagged' }))).TagSet).toEqual(TagSet)
  })

  test('say their region, versioning and who pays', async () => {
    world.createBucket('asked', { requesterPays: true })
    const before = await client.send(new GetBucketVersioningCommand({ Bucket: 'asked' }))
    await client.send(
      new PutBucketVersioningCommand({ Bucket: 'asked', VersioningConfiguration: { Status: 'Enabled' } }),
    )
    const after = await client.send(new GetBucketVersioningCommand({ Bucket: 'asked' }))
    const location = await client.send(new GetBucketLocationCommand({ Bucket: 'asked' }))
    const payment = await client.send(new GetBucketRequestPaymentCommand({ Bucket: 'asked' }))

    expect([before.Status, after.Status]).toEqual([undefined, 'Enabled'])
    expect(location.LocationConstraint ?? '').toBe('')
    expect(payment.Payer).toBe('Requester')
  })

  test('of another region answer PermanentRedirect with the region', async () => {
    world.createBucket('far', { region: 'eu-central-1' })

    await expect(client.send(new ListObjectsV2Command({ Bucket: 'far' }))).rejects.toMatchObject({
      name: 'PermanentRedirect',
      $metadata: { httpStatusCode: 301 },
    })
  })
})

describe('objects', () => {
  beforeAll(() => world.createBucket('plain'))

  test('come back as they were put, with ETag, length and checksum', async () => {
    await put('plain', 'hello.txt', 'hello')

    const got = await client.send(new GetObjectCommand({ Bucket: 'plain', Key: 'hello.txt' }))

    expect(await got.Body?.transformToString()).toBe('hello')
    expect(got.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
    expect(got.ContentLength).toBe(5)
    expect(got.ChecksumCRC32).toBe('NhCmhg==')
  })

  test('may be empty', async () => {
    world.put('plain', 'empty', '')

    expect(await get('plain', 'empty')).toBe('')
  })

  test('uploaded as a stream hold the bytes and not the framing', async () => {
    const bytes = Buffer.alloc(300_000, 'abcdefg')
    const Body = Readable.from([bytes.subarray(0, 100_001), bytes.subarray(100_001)])

    await client.send(
      new PutObjectCommand({ Bucket: 'plain', Key: 'streamed', Body, ContentLength: bytes.length }),
    )

    expect(await get('plain', 'streamed')).toBe(bytes.toString())
  })

  test('whose checksum is wrong are refused', async () => {
    const wrong = {
      Bucket: 'plain',
      Key: 'bad',
      Body: 'x',
      ChecksumSHA256: Buffer.alloc(32).toString('base64'),
    }

    await expect(client.send(new PutObjectCommand(wrong))).rejects.toMatchObject({ name: 'BadDigest' })
  })

  test('are not overwritten where the client says so', async () => {
    await put('plain', 'once', '1')

    const again = new PutObjectCommand({ Bucket: 'plain', Key: 'once', Body: '2', IfNoneMatch: '*' })

    await expect(client.send(again)).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })

  test.each(oddKeys)('keep the key %j exactly', async (key) => {
    await put('plain', key, key)

    expect(await get('plain', key)).toBe(key)
    expect(world.requests().at(-1)?.key).toBe(key)
  })

  test('have a HEAD with the same facts and no body', async () => {
    await put('plain', 'head', '12345')

    const head = await client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'head' }))

    expect(head.ContentLength).toBe(5)
    await expect(
      client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'no-head' })),
    ).rejects.toMatchObject({ name: 'NotFound' })
  })

  test('that do not exist answer NoSuchKey, in no bucket NoSuchBucket', async () => {
    await expect(get('plain', 'absent')).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(get('no-such-bucket', 'absent')).rejects.toMatchObject({ name: 'NoSuchBucket' })
  })

  test('in Glacier answer InvalidObjectState', async () => {
    world.put('plain', 'cold', 'x', { storageClass: 'GLACIER' })

    await expect(get('plain', 'cold')).rejects.toMatchObject({ name: 'InvalidObjectState' })
  })
})

describe('ranges and conditions', () => {
  beforeAll(async () => {
    world.createBucket('parts')
    await put('parts', 'digits', '0123456789')
  })

  test.each([
    ['bytes=0-3', '0123'],
    ['bytes=4-', '456789'],
    ['bytes=-3', '789'],
    ['bytes=8-100', '89'],
    ['bytes=9-9', '9'],
  ])('%s gives %s', async (Range, expected) => {
    const got = await client.send(new GetObjectCommand({ Bucket: 'parts', Key: 'digits', Range }))

    expect(await got.Body?.transformToString()).toBe(expected)
    expect(got.$metadata.httpStatusCode).toBe(206)
    expect(got.ContentRange).toMatch(/^bytes \d-\d\/10$/)
  })

  test('a range behind the end is 416', async () => {
    await expect(get('parts', 'digits', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
    })
  })

  test('a range that cannot be read is ignored', async () => {
    expect(await get('parts', 'digits', { Range: 'bytes=5-2' })).toBe('0123456789')
  })

  test('If-Match with another ETag is 412, If-None-Match with this one 304', async () => {
    const etag = '"781e5e245d69b566979b86e28d23f2c7"'

    expect(await get('parts', 'digits', { IfMatch: etag })).toBe('0123456789')
    await expect(get('parts', 'digits', { IfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(get('parts', 'digits', { IfNoneMatch: etag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    })
  })
})

describe('versions', () => {
  test('each stay readable, newest first, and a delete puts a marker on top', async () => {
    world.createBucket('kept', { versioning: true })
    const first = await put('kept', 'k', 'one')
    const second = await put('kept', 'k', 'two')
    const removed = await client.send(new DeleteObjectCommand({ Bucket: 'kept', Key: 'k' }))

    const listed = await client.send(new ListObjectVersionsCommand({ Bucket: 'kept' }))

    expect(removed.DeleteMarker).toBe(true)
    expect(listed.Versions?.map((one) => [one.VersionId, one.IsLatest])).toEqual([
      [second, false],
      [first, false],
    ])
    expect(listed.DeleteMarkers?.map((one) => [one.VersionId, one.IsLatest])).toEqual([
      [removed.VersionId, true],
    ])
    expect(await get('kept', 'k', { VersionId: first })).toBe('one')
    await expect(get('kept', 'k')).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(get('kept', 'k', { VersionId: removed.VersionId })).rejects.toMatchObject({
      name: 'MethodNotAllowed',
    })
    await expect(get('kept', 'k', { VersionId: 'nonsense' })).rejects.toMatchObject({ name: 'NoSuchVersion' })
  })

  test('are gone for good when deleted by id', async () => {
    world.createBucket('purged', { versioning: true })
    const version = await put('purged', 'k', 'one')

    await client.send(new DeleteObjectCommand({ Bucket: 'purged', Key: 'k', VersionId: version }))

    expect((await client.send(new ListObjectVersionsCommand({ Bucket: 'purged' }))).Versions).toBeUndefined()
  })

  test('are paged by key and version marker without a gap or a repeat', async () => {
    world.createBucket('many', { versioning: true })
    const put = ['a', 'a', 'a', 'b', 'c', 'c'].map((key, index) => world.put('many', key, `${index}`))

    const seen: string[] = []
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {}
    for (;;) {
      const page = await client.send(
        new ListObjectVersionsCommand({ Bucket: 'many', MaxKeys: 2, ...markers }),
      )
      seen.push(...(page.Versions ?? []).map((one) => one.VersionId ?? ''))
      if (!page.IsTruncated) break
      markers = { KeyMarker: page.NextKeyMarker ?? '', VersionIdMarker: page.NextVersionIdMarker ?? '' }
    }

    expect(seen).toEqual([2, 1, 0, 3, 5, 4].map((index) => put[index]))
  })
})

describe('listings', () => {
  test('page through 2,500 keys in byte order', async () => {
    world.createBucket('long')
    const keys = Array.from({ length: 2_500 }, (_, index) => `k/${index}`)
    for (const key of keys) world.put('long', key, '')

    const pages: string[][] = []
    for await (const page of paginateListObjectsV2({ client }, { Bucket: 'long' })) {
      pages.push((page.Contents ?? []).map((one) => one.Key ?? ''))
    }

    expect(pages.map((page) => page.length)).toEqual([1_000, 1_000, 500])
    expect(pages.flat()).toEqual([...keys].sort())
  })

  test('honour prefix, start-after and delimiter', async () => {
    world.createBucket('tree')
    for (const key of ['a', 'b/1', 'b/2', 'b/c/3', 'd/4', 'e']) world.put('tree', key, 'x')

    const top = await client.send(new ListObjectsV2Command({ Bucket: 'tree', Delimiter: '/' }))
    const below = await client.send(
      new ListObjectsV2Command({ Bucket: 'tree', Prefix: 'b/', StartAfter: 'b/1' }),
    )

    expect(top.Contents?.map((one) => one.Key)).toEqual(['a', 'e'])
    expect(top.CommonPrefixes?.map((one) => one.Prefix)).toEqual(['b/', 'd/'])
    expect(below.Contents?.map((one) => one.Key)).toEqual(['b/2', 'b/c/3'])
  })

  test('page through common prefixes', async () => {
    world.createBucket('wide')
    for (const key of ['a/1', 'a/2', 'b/1', 'c/1', 'c/2', 'd']) world.put('wide', key, 'x')

    const seen: (string | undefined)[] = []
    for await (const page of paginateListObjectsV2(
      { client, pageSize: 1 },
      { Bucket: 'wide', Delimiter: '/' },
    )) {
      seen.push(...(page.CommonPrefixes ?? []).map((one) => one.Prefix))
      seen.push(...(page.Contents ?? []).map((one) => one.Key))
    }

    expect(seen).toEqual(['a/', 'b/', 'c/', 'd'])
  })

  test('encode odd keys so that each can be told exactly', async () => {
    world.createBucket('odd')
    for (const key of oddKeys) world.put('odd', key, 'x')

    const page = await client.send(new ListObjectsV2Command({ Bucket: 'odd', EncodingType: 'url' }))

    const keys = page.Contents?.map((one) => decodeURIComponent((one.Key ?? '').replaceAll('+', ' ')))
    const byBytes = [...oddKeys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(keys).toEqual(byBytes)
  })

  test('refuse a marker that makes no sense', async () => {
    world.createBucket('marked')
    const bad = new ListObjectsV2Command({ Bucket: 'marked', ContinuationToken: '!!' })

    await expect(client.send(bad)).rejects.toMatchObject({ name: 'InvalidArgument' })
  })
})

describe('who may ask', () => {
  beforeAll(() => {
    world.createBucket('private')
    world.put('private', 'k', 'x')
    world.createBucket('open', { public: true, versioning: true })
    world.put('open', 'k', 'public')
  })

  test('a wrong secret is SignatureDoesNotMatch, an unknown key InvalidAccessKeyId', async () => {
    const wrong = clientFor(world, { credentials: { ...world.credentials, secretAccessKey: 'wrong' } })
    const unknown = clientFor(world, { credentials: { ...world.credentials, accessKeyId: 'UNKNOWN' } })
    const ask = new ListObjectsV2Command({ Bucket: 'private' })

    await expect(wrong.send(ask)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    await expect(unknown.send(ask)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
    wrong.destroy()
    unknown.destroy()
  })

  test('a clock that is far off is RequestTimeTooSkewed', async () => {
    const off = clientFor(world, { systemClockOffset: 3_600_000, maxAttempts: 1 })

    await expect(off.send(new ListObjectsV2Command({ Bucket: 'private' }))).rejects.toMatchObject({
      name: 'RequestTimeTooSkewed',
    })
    off.destroy()
  })

  test('anonymous requests read public buckets and no other', async () => {
    const read = await unsigned.send(new GetObjectCommand({ Bucket: 'open', Key: 'k' }))
    const listed = await unsigned.send(new ListObjectsV2Command({ Bucket: 'open' }))

    expect(await read.Body?.transformToString()).toBe('public')
    expect(listed.Contents).toHaveLength(1)
    for (const command of [
      new ListObjectVersionsCommand({ Bucket: 'open' }),
      new ListObjectVersionsCommand({ Bucket: 'private' }),
    ]) {
      await expect(unsigned.send(command)).rejects.toMatchObject({ name: 'AccessDenied' })
    }
    await expect(
      unsigned.send(new PutObjectCommand({ Bucket: 'open', Key: 'n', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  test('a key may be denied single operations', async () => {
    const limited = clientFor(world, { credentials: world.addKey(['ListObjectVersions']) })

    await limited.send(new ListObjectsV2Command({ Bucket: 'private' }))

    await expect(limited.send(new ListObjectVersionsCommand({ Bucket: 'private' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
    limited.destroy()
  })

  test('requests are logged with who sent them', () => {
    const last = world.requests().at(-1)

    expect(last).toMatchObject({ operation: 'ListObjectVersions', bucket: 'private', status: 403 })
    expect(JSON.stringify(world.requests())).not.toContain(world.credentials.secretAccessKey)
  })
})

describe('faults', () => {
  beforeAll(() => {
    world.createBucket('faulty')
    world.put('faulty', 'k', 'x'.repeat(10_000))
  })

  test('SlowDown is sent as often as asked, then the answer', async () => {
    world.fail({ kind: 'slow-down', bucket: 'faulty', times: 1 })

    expect(await get('faulty', 'k')).toHaveLength(10_000)
    expect(
      world
        .requests()
        .slice(-2)
        .map((one) => one.status),
    ).toEqual([503, 200])
  })

  test.each(['truncate', 'reset'] as const)('%s breaks the transfer', async (kind) => {
    world.fail({ kind, bucket: 'faulty', times: 5 })

    await expect(get('faulty', 'k')).rejects.toThrow(/aborted|ECONNRESET|hang up/i)
    world.clearFaults()
  })

  test('a changed byte is caught by the checksum that came with the upload', async () => {
    await put('faulty', 'summed', 'summed text')
    world.fail({ kind: 'corrupt', bucket: 'faulty' })

    await expect(get('faulty', 'summed')).rejects.toThrow(/checksum/i)
  })
})
