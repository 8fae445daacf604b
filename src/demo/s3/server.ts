/**
 * A small S3 over HTTP on 127.0.0.1, buckets in the path: enough of the real protocol, signatures and error
 * codes included, that the real SDK cannot tell the difference where this service uses it. Everything is in
 * memory. Its keys are made up at each start.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, emptyAnswer } from './answer.ts'
import { addVersion, type Bucket, type NewBucket, type NewVersion, newBucket, removeKey } from './bucket.ts'
import { createFaults, type Fault } from './fault.ts'
import { handle, type World } from './handle.ts'
import { type Operation, parseRequest } from './request.ts'
import { S3Error } from './s3-error.ts'
import { writeAnswer } from './wire.ts'

interface S3Credentials {
  accessKeyId: string
  secretAccessKey: string
}

export interface S3Options {
  /** 0, the default, takes a free one. */
  port?: number
  /** Default `us-east-1`. */
  region?: string
}

/** One request as it came, without its headers. */
interface LoggedRequest {
  operation: Operation
  bucket: string
  key: string
  query: Readonly<Record<string, string>>
  /** The Range header. */
  range: string | null
  /** The access key id, or null for anonymous requests and those refused before they were known. */
  caller: string | null
  status: number
}

export interface S3World {
  endpoint: string
  region: string
  credentials: S3Credentials
  createBucket(name: string, options?: NewBucket): void
  /** Stores an object as an upload would; gives the version's id (`null` without versioning). */
  put(bucket: string, key: string, body: string | Buffer, options?: Omit<NewVersion, 'body'>): string
  /** Deletes as an API call would: by a marker where the bucket has versions. */
  remove(bucket: string, key: string): void
  /** Further credentials, which may do all but `deny`. */
  addKey(deny: readonly Operation[]): S3Credentials
  fail(fault: Fault): void
  clearFaults(): void
  requests(): readonly LoggedRequest[]
  close(): Promise<void>
}

export async function startS3(options: S3Options = {}): Promise<S3World> {
  const region = options.region ?? 'us-east-1'
  const world: World = { region, buckets: new Map(), keys: new Map(), faults: createFaults() }
  const log: LoggedRequest[] = []
  const credentials = addKey(world, [])
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    void serve(world, message, response, log)
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    credentials,
    createBucket: (name, given = {}) => {
      world.buckets.set(name, newBucket(name, region, given))
    },
    put: (bucket, key, body, given = {}) =>
      addVersion(bucketOf(world, bucket), key, { ...given, body: Buffer.from(body) }).versionId,
    remove: (bucket, key) => {
      removeKey(bucketOf(world, bucket), key)
    },
    addKey: (deny) => addKey(world, deny),
    fail: (fault) => world.faults.add(fault),
    clearFaults: () => world.faults.clear(),
    requests: () => log,
    close: async () => {
      server.closeAllConnections()
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function serve(
  world: World,
  message: IncomingMessage,
  response: ServerResponse,
  log: LoggedRequest[],
): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase()
  // A client that goes away in the middle is no news: the answer is dropped with its connection.
  message.on('error', () => response.destroy())
  response.on('error', () => response.destroy())
  let entry: LoggedRequest | null = null
  let fault = null
  let answer: Answer
  try {
    const request = parseRequest(message)
    entry = {
      operation: request.operation,
      bucket: request.bucket,
      key: request.key,
      query: Object.fromEntries(request.query),
      range: request.headers.range ?? null,
      caller: null,
      status: 0,
    }
    log.push(entry)
    fault = world.faults.take(request)
    const handled = await handle(world, message, request, fault)
    entry.caller = handled.caller
    answer = handled.answer
  } catch (error) {
    answer = answerError(error, requestId)
  }
  if (entry) entry.status = answer.status
  answer.headers['x-amz-request-id'] = requestId
  // What is left of a refused upload must be read, or the next request on the connection is garbage.
  message.resume()
  writeAnswer(response, answer, message.method === 'HEAD', fault)
}

function answerError(error: unknown, requestId: string): Answer {
  const known = error instanceof S3Error ? error : new S3Error('InternalError')
  return {
    ...emptyAnswer(known.status, { ...known.headers, 'content-type': 'application/xml' }),
    body: Buffer.from(known.toXml(requestId)),
  }
}

function addKey(world: World, deny: readonly Operation[]): S3Credentials {
  const made = {
    accessKeyId: `LOCAL${randomBytes(6).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(24).toString('base64url'),
  }
  world.keys.set(made.accessKeyId, { secret: made.secretAccessKey, deny: new Set(deny) })
  return made
}

function bucketOf(world: World, name: string): Bucket {
  const bucket = world.buckets.get(name)
  if (!bucket) throw new S3Error('NoSuchBucket')
  return bucket
}
