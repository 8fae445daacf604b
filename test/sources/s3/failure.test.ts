import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../src/model/errors.ts'
import { s3Failure } from '../../../src/sources/s3/failure.ts'
import { expandBucketPage } from '../../../src/sources/s3/list.ts'
import { type S3World, startS3 } from '../../support/s3.ts'
import { firstPage, signal, sourceFor } from './support.ts'

let world: S3World

beforeAll(async () => {
  world = await startS3()
  world.createBucket('mine')
})

afterAll(() => world.close())

test('an error holds neither the secret key nor the session token', async () => {
  const sessionToken = `session-${'t0ken'.repeat(4)}`
  const secretAccessKey = 'wr0ng'.repeat(5)
  const source = sourceFor(world, { credentials: { ...world.credentials, secretAccessKey, sessionToken } })

  const error: unknown = await expandBucketPage(firstPage('mine'), source, signal).catch(
    (one: unknown) => one,
  )

  expect(error).toMatchObject({ code: 'unauthorized' })
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/t0ken|wr0ng/)
  source.close()
})

test.each([
  [{ name: 'ExpiredToken', $metadata: { httpStatusCode: 400 } }, 'unauthorized', false],
  [{ name: 'InternalError', $metadata: { httpStatusCode: 500 } }, 'remote_failed', true],
  [{ name: 'Unheard', $metadata: { httpStatusCode: 418 } }, 'remote_failed', false],
  [{ name: 'Error', code: 'ENOTFOUND', message: 'getaddrinfo' }, 'unavailable', true],
  [{ name: 'TimeoutError', code: 'ECONNRESET', message: 'socket hang up' }, 'remote_failed', true],
  [{ name: 'TimeoutError', code: 'ETIMEDOUT', message: 'too long' }, 'timeout', true],
  [
    { name: 'PermanentRedirect', Region: 'x"\u001b[31m', $metadata: { httpStatusCode: 301 } },
    'remote_refused',
    false,
  ],
  [new AppError('too_large', 'more than there should be'), 'too_large', false],
  ['a string', 'remote_failed', false],
  [null, 'remote_failed', false],
])('%o is %s', (error, code, retryable) => {
  const failure = s3Failure(error, { bucket: 'mine', key: 'a key' })

  expect(failure).toMatchObject({ code, retryable })
  expect(failure.message).toContain('object "a key" in bucket "mine"')
  // oxlint-disable-next-line no-control-regex
  expect(failure.message).not.toMatch(/[\u0000-\u001f]/)
})
