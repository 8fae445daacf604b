import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isProblem } from '../../../src/model/blob.ts'
import type { S3Deps } from '../../../src/sources/s3/client.ts'
import { openObjects } from '../../../src/sources/s3/open-objects.ts'
import { oddKeys, type S3World, startS3 } from '../../support/s3.ts'
import { firstPage, listAll, readBucket, readUnit, signal, sourceFor } from './support.ts'

let world: S3World
let source: S3Deps

beforeAll(async () => {
  world = await startS3()
  source = sourceFor(world)
})

beforeEach(() => world.clearFaults())

afterAll(async () => {
  source.close()
  await world.close()
})

/** 300 KB in lines, so that a part in the wrong place shows. */
const long = Array.from({ length: 30_000 }, (_, index) => String(index).padStart(9, '0')).join('\n')
const smallHead = { headBytes: 1_000 }

describe('what is read', () => {
  test('every version gives its own bytes with its own place and content id', async () => {
    world.createBucket('kept', { versioning: true })
    const first = world.put('kept', 'k', 'one')
    const second = world.put('kept', 'k', 'two')

    const { read } = await readBucket(source, 'kept')

    expect(read.map(({ text }) => text)).toEqual(['two', 'one'])
    expect(read.map(({ blob }) => blob.contentId)).toEqual([`kept/k@${second}`, `kept/k@${first}`])
    expect(read[1]?.blob.place).toEqual({
      type: 's3_object',
      path: 'k',
      bucket: 'kept',
      key: 'k',
      version_id: first,
      etag: 'f97c5d29941bfb1b2fdab0874906ab82',
    })
  })

  test('a version written before versioning is told by its ETag and read as such', async () => {
    world.createBucket('late')
    world.put('late', 'k', 'before')
    world.createBucket('late-versions', { versioning: true })
    const plain = await readBucket(source, 'late')

    const unit = await openObjects(
      {
        kind: 's3-objects',
        bucket: 'late',
        objects: [{ key: 'k', version_id: null, etag: 'x', size: 6, latest: false }],
      },
      source,
    )
    const older = await readUnit(unit)

    expect(plain.read[0]?.blob.contentId).toMatch(/^late\/k@[0-9a-f]{32}$/)
    expect(older.read.map(({ text }) => text)).toEqual(['before'])
    expect(world.requests().at(-1)?.query).toMatchObject({ versionId: 'null' })
  })

  test('odd keys are read exactly', async () => {
    world.createBucket('odd')
    const kept = oddKeys.filter((key) => !key.includes('\0'))
    for (const key of kept) world.put('odd', key, `text of ${key}`)

    const { read, problems } = await readBucket(source, 'odd')

    expect(problems).toEqual([])
    expect(new Map(read.map(({ blob, text }) => [blob.place.key, text]))).toEqual(
      new Map(kept.map((key) => [key, `text of ${key}`])),
    )
  })

  test('an empty object is a blob without bytes', async () => {
    world.createBucket('empty')
    world.put('empty', 'nothing', '')

    expect((await readBucket(source, 'empty')).read.map(({ text }) => text)).toEqual([''])
  })

  test('a large object is streamed behind its first part', async () => {
    world.createBucket('large')
    world.put('large', 'long', long)
    const small = sourceFor(world, { limits: smallHead })

    const { read } = await readBucket(small, 'large')

    expect(read.map(({ text }) => text)).toEqual([long])
    expect(
      world
        .requests()
        .slice(-2)
        .map((one) => one.range),
    ).toEqual(['bytes=0-999', `bytes=1000-${long.length - 1}`])
    small.close()
  })

  test('ranges come from the first part or from S3, cut at the end', async () => {
    world.createBucket('ranged')
    world.put('ranged', 'long', long)
    const small = sourceFor(world, { limits: smallHead })
    const { read } = await readBucket(small, 'ranged')
    const blob = read[0]?.blob
    const before = world.requests().length

    const parts = await Promise.all([
      blob?.read?.(0, 10, signal),
      blob?.read?.(995, 1_005, signal),
      blob?.read?.(long.length - 4, long.length + 100, signal),
      blob?.read?.(long.length + 5, long.length + 10, signal),
    ])

    expect(parts.map(String)).toEqual([long.slice(0, 10), long.slice(995, 1_005), long.slice(-4), ''])
    expect(world.requests().length - before).toBe(2)
    small.close()
  })

  test('archives are unpacked, their members under the place of the object', async () => {
    world.createBucket('packed')
    world.put('packed', 'log.gz', gzipSync('inside'))

    const { read } = await readBucket(source, 'packed')

    expect(read.map(({ text, blob }) => [text, blob.place.key, blob.place.archive_path])).toEqual([
      ['inside', 'log.gz', 'log'],
    ])
  })

  test('objects stand in the order of the listing and are fetched a few ahead', async () => {
    world.createBucket('ordered')
    const keys = Array.from({ length: 30 }, (_, index) => `k${String(index).padStart(2, '0')}`)
    for (const key of keys) world.put('ordered', key, key)
    const narrow = sourceFor(world, { limits: { parallel: 4 } })
    const { objects } = await listAll(narrow, firstPage('ordered'))
    const unit = await openObjects({ kind: 's3-objects', bucket: 'ordered', objects }, narrow)

    const seen: string[] = []
    let ahead = 0
    for await (const item of unit.blobs(signal)) {
      if (isProblem(item)) continue
      seen.push(item.place.path)
      const asked = world
        .requests()
        .filter((one) => one.bucket === 'ordered' && one.operation === 'GetObject')
      ahead = Math.max(ahead, asked.length - seen.length)
    }

    expect(seen).toEqual(keys)
    expect(ahead).toBeLessThanOrEqual(4)
    narrow.close()
  })
})

describe('what cannot be read', () => {
  test.each(['truncate', 'reset', 'short'] as const)(
    '%s is an error of that object and the rest is read',
    async (kind) => {
      world.createBucket(`bad-${kind}`)
      for (const key of ['a', 'b', 'c']) world.put(`bad-${kind}`, key, `text of ${key}`)
      world.fail({ kind, operation: 'GetObject', key: 'b', times: 100 })

      const { read, problems } = await readBucket(source, `bad-${kind}`)

      expect(read.map(({ text }) => text)).toEqual(['text of a', 'text of c'])
      expect(problems).toEqual([
        expect.objectContaining({ problem: 'error', code: 'remote_failed', subject: `s3://bad-${kind}/b` }),
      ])
    },
  )

  test('a body that stalls ends after the time allowed', async () => {
    world.createBucket('stalling')
    world.put('stalling', 'k', 'x'.repeat(1_000))
    world.fail({ kind: 'stall', operation: 'GetObject', times: 100 })
    const hasty = sourceFor(world, { limits: { stallTimeout: 100, resumes: 1 } })

    const { problems } = await readBucket(hasty, 'stalling')

    expect(problems).toEqual([expect.objectContaining({ problem: 'error', code: 'timeout' })])
    hasty.close()
  })

  test('a body without end stops at the size that was listed', async () => {
    world.createBucket('endless')
    world.put('endless', 'k', 'x'.repeat(1_000))
    world.fail({ kind: 'endless', operation: 'GetObject' })

    const { read, problems } = await readBucket(source, 'endless')

    expect(read).toEqual([])
    expect(problems).toEqual([expect.objectContaining({ problem: 'error', code: 'too_large' })])
  })

  test('a transfer that breaks once is taken up where it stopped', async () => {
    world.createBucket('resumed')
    world.put('resumed', 'long', long)
    const small = sourceFor(world, { limits: smallHead })
    const { objects } = await listAll(small, firstPage('resumed'))
    const unit = await openObjects({ kind: 's3-objects', bucket: 'resumed', objects }, small)
    const texts: string[] = []

    for await (const item of unit.blobs(signal)) {
      if (isProblem(item)) continue
      world.fail({ kind: 'truncate', operation: 'GetObject', bucket: 'resumed', times: 2 })
      const chunks: Uint8Array[] = []
      for await (const chunk of item.open(signal)) chunks.push(chunk)
      texts.push(Buffer.concat(chunks).toString())
    }

    const starts = world
      .requests()
      .filter((one) => one.bucket === 'resumed' && one.range !== null)
      .map((one) => Number(/bytes=(\d+)/.exec(one.range ?? '')?.[1]))
    expect(texts).toEqual([long])
    expect(starts).toHaveLength(4)
    expect([...starts].sort((a, b) => a - b)).toEqual(starts)
    small.close()
  })

  test('a large object that breaks for good gives what came of it, then the error', async () => {
    world.createBucket('half')
    world.put('half', 'long', long)
    world.put('half', 'next', 'next')
    const small = sourceFor(world, { limits: { ...smallHead, resumes: 0 } })
    const { objects } = await listAll(small, firstPage('half'))
    const unit = await openObjects({ kind: 's3-objects', bucket: 'half', objects }, small)

    const lengths: number[] = []
    const problems: string[] = []
    for await (const item of unit.blobs(signal)) {
      if (isProblem(item)) {
        problems.push(`${item.problem} ${item.code} ${item.subject}`)
        continue
      }
      if (item.place.key === 'long') world.fail({ kind: 'truncate', operation: 'GetObject', key: 'long' })
      let length = 0
      for await (const chunk of item.open(signal)) length += chunk.length
      lengths.push(length)
    }

    expect(lengths[0]).toBeGreaterThan(1_000)
    expect(lengths[0]).toBeLessThan(long.length)
    expect(lengths[1]).toBe(4)
    expect(problems).toEqual(['error remote_failed s3://half/long'])
    small.close()
  })

  test('an object written anew since the listing is read as it is now', async () => {
    world.createBucket('moving')
    world.put('moving', 'k', 'old text')
    const { objects } = await listAll(source, firstPage('moving'))
    world.put('moving', 'k', 'the new and longer text')

    const { read, problems } = await readUnit(
      await openObjects({ kind: 's3-objects', bucket: 'moving', objects }, source),
    )

    expect(problems).toEqual([])
    expect(read.map(({ text }) => text)).toEqual(['the new and longer text'])
    expect(read[0]?.blob.contentId).not.toBe(`moving/k@${objects[0]?.etag}`)
    expect(read[0]?.blob.size).toBe(23)
  })

  test('objects that are gone or archived since the listing are skipped', async () => {
    world.createBucket('going')
    for (const key of ['cold', 'gone', 'here']) world.put('going', key, key)
    const { objects } = await listAll(source, firstPage('going'))
    world.remove('going', 'gone')
    world.put('going', 'cold', 'cold', { storageClass: 'GLACIER' })

    const { read, problems } = await readUnit(
      await openObjects({ kind: 's3-objects', bucket: 'going', objects }, source),
    )

    expect(read.map(({ text }) => text)).toEqual(['here'])
    expect(problems.map((one) => [one.problem, one.code, one.subject])).toEqual([
      ['skipped', 'special_file', 's3://going/cold'],
      ['skipped', 'not_found', 's3://going/gone'],
    ])
  })

  test('a refusal is an error, but where the requester would pay it is a skip', async () => {
    for (const [bucket, requesterPays] of [
      ['refused', false],
      ['costly', true],
    ] as const) {
      world.createBucket(bucket, { requesterPays })
      world.put(bucket, 'a', 'x')
      world.put(bucket, 'b', 'x')
    }
    const limited = sourceFor(world, { credentials: world.addKey(['GetObject']) })

    const refused = await readBucket(limited, 'refused')
    const costly = await readBucket(source, 'costly')

    expect(refused.problems.map((one) => [one.problem, one.code])).toEqual([
      ['error', 'forbidden'],
      ['error', 'forbidden'],
    ])
    expect(costly.problems.map((one) => [one.problem, one.code])).toEqual([
      ['skipped', 'forbidden'],
      ['skipped', 'forbidden'],
    ])
    expect(
      world
        .requests()
        .filter((one) => one.bucket === 'costly' && one.operation === 'GetBucketRequestPayment'),
    ).toHaveLength(1)
    limited.close()
  })

  test('a server that answers nothing of the batch fails the batch, to be tried again', async () => {
    world.createBucket('down')
    world.put('down', 'k', 'x')
    const { objects } = await listAll(source, firstPage('down'))
    world.fail({ kind: 'slow-down', bucket: 'down', times: 100 })
    const unit = await openObjects({ kind: 's3-objects', bucket: 'down', objects }, source)

    await expect(readUnit(unit)).rejects.toMatchObject({ code: 'rate_limited', retryable: true })
  })

  test('an abort ends the reading and the requests ahead', async () => {
    world.createBucket('aborted')
    for (let index = 0; index < 20; index += 1) world.put('aborted', `k${index}`, 'x')
    const { objects } = await listAll(source, firstPage('aborted'))
    const unit = await openObjects({ kind: 's3-objects', bucket: 'aborted', objects }, source)
    const stop = new AbortController()

    const reading = (async () => {
      for await (const _item of unit.blobs(stop.signal)) stop.abort(new Error('enough'))
    })()

    await expect(reading).rejects.toThrow('enough')
    expect(world.requests().filter((one) => one.bucket === 'aborted').length).toBeLessThan(15)
  })
})
