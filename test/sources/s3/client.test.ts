import { afterEach, expect, test, vi } from 'vitest'
import { createS3 } from '../../../src/sources/s3/client.ts'
import { expandBucketPage } from '../../../src/sources/s3/list.ts'
import { startS3 } from '../../support/s3.ts'
import { firstPage, signal } from './support.ts'

afterEach(() => vi.unstubAllEnvs())

test.each([
  'ftp://s3.example.test',
  'not an address',
  'https://user:pa55@s3.example.test', // keyrecall:allow
])('the endpoint %s is refused without repeating it', (endpoint) => {
  expect(() => createS3({ endpoint })).toThrow(/^S3_ENDPOINT/)
  expect(() => createS3({ endpoint })).not.toThrow(/pa55/)
})

test('credentials and region come from the environment unless given', async () => {
  const world = await startS3({ region: 'eu-west-3' })
  world.createBucket('mine')
  vi.stubEnv('AWS_ACCESS_KEY_ID', world.credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', world.credentials.secretAccessKey)
  vi.stubEnv('AWS_REGION', 'eu-west-3')
  const source = createS3({ endpoint: world.endpoint })

  const page = await expandBucketPage(firstPage('mine'), source, signal)

  expect(page).toEqual({ tasks: [], problems: [] })
  expect(world.requests().at(-1)?.caller).toBe(world.credentials.accessKeyId)
  source.close()
  await world.close()
})

test('without credentials the reader is told what to set', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, '')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config')
  const source = createS3({ endpoint: 'http://127.0.0.1:1' })

  await expect(expandBucketPage(firstPage('mine'), source, signal)).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('AWS_ACCESS_KEY_ID'),
  })
  source.close()
})

test('a public bucket is read on a machine that has no credentials', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, '')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  const world = await startS3()
  world.createBucket('mine', { public: true })
  const source = createS3({ endpoint: world.endpoint, anonymous: true })

  const page = await expandBucketPage(firstPage('mine'), source, signal)

  expect(page.tasks).toEqual([])
  expect(world.requests().map((one) => one.caller)).toEqual([null, null])
  source.close()
  await world.close()
})
