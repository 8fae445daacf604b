/** The local S3 of `keyrecall demo` for tests, and the real SDK's client pointed at it. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { S3World } from '../../src/demo/s3/server.ts'

export { type S3World, startS3 } from '../../src/demo/s3/server.ts'

/** A client with the world's own credentials; the caller destroys it. */
export function clientFor(world: S3World, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: world.endpoint,
    region: world.region,
    forcePathStyle: true,
    credentials: world.credentials,
    maxAttempts: 2,
    ...config,
  })
}

/** A client that signs nothing. */
export function unsignedClientFor(world: S3World): S3Client {
  return clientFor(world, { signer: { sign: (request) => Promise.resolve(request) } })
}

/** Keys that people and programs do make, and that careless code changes on the way. */
export const oddKeys: readonly string[] = [
  'plain.txt',
  ' leading space',
  'a b+c%20d',
  'a//b',
  '/lead',
  '//',
  'trail/',
  '../up',
  'a/../b',
  'a/./b',
  '.',
  '..',
  'ünïcode/键/🔑',
  'tab\there\u0001and\u001bescape',
  'line\nbreak\r\n',
  'back\\slash',
  'quotes\'"<>&',
  "!'()*~-_.",
  'q?x=1&y=2#frag',
  ':;,@$=[]{}|^`',
  '%',
  '%2F',
  '%zz',
  'null\u0000byte',
  '\uffee\u{1f600}',
]
