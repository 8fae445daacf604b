/**
 * The SDK's client behind the few calls this source makes. It is loaded at the first call, not at start: loading
 * it takes longer than scanning an empty folder. Presigned URLs are never made.
 */
import { Readable } from 'node:stream'
import type * as Sdk from '@aws-sdk/client-s3'
import { AppError } from '../../model/errors.ts'
import { type ArchiveLimits, defaultArchiveLimits } from '../archive/limits.ts'
import { guardBody } from './guard-body.ts'
import { defaultS3Limits, type S3Limits } from './limits.ts'

/** The region asked where nothing names one; S3 then answers with the right one, which is followed. */
const fallbackRegion = 'us-east-1'

/** The SDK asks for credentials even where nothing is signed; these stop its search for real ones. */
const unsigned: Pick<Sdk.S3ClientConfig, 'credentials' | 'signer'> = {
  credentials: { accessKeyId: '', secretAccessKey: '' },
  signer: { sign: (request) => Promise.resolve(request) },
}

export interface S3Options {
  /** Address of an S3-compatible service; default AWS. */
  endpoint?: string
  /** Default: what the SDK finds in environment and profile, else `us-east-1`. */
  region?: string
  /** Requests are not signed: public buckets only. Default false. */
  anonymous?: boolean
  /** Bucket in the path instead of the host name. Default: where `endpoint` is given. */
  forcePathStyle?: boolean
  /** Default: the SDK's chain (environment, profile, web identity, instance). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  /** Tries of one request in all. Default 5. */
  maxAttempts?: number
  limits?: Partial<S3Limits>
  archive?: ArchiveLimits
}

type Call<Input, Output> = (input: Input, signal: AbortSignal) => Promise<Output>

/** The calls of S3 used here; errors are the SDK's own, see `failure.ts`. */
export interface S3Calls {
  listVersions: Call<Sdk.ListObjectVersionsCommandInput, Sdk.ListObjectVersionsCommandOutput>
  listObjects: Call<Sdk.ListObjectsV2CommandInput, Sdk.ListObjectsV2CommandOutput>
  getObject: Call<Sdk.GetObjectCommandInput, Sdk.GetObjectCommandOutput>
  headObject: Call<Sdk.HeadObjectCommandInput, Sdk.HeadObjectCommandOutput>
  getBucketTagging: Call<Sdk.GetBucketTaggingCommandInput, Sdk.GetBucketTaggingCommandOutput>
  getRequestPayment: Call<Sdk.GetBucketRequestPaymentCommandInput, Sdk.GetBucketRequestPaymentCommandOutput>
}

/** What the functions of this source need. Made by `createS3`. */
export interface S3Deps {
  calls(): Promise<S3Calls>
  /** The same calls unsigned: what anybody may do. */
  publicCalls(): Promise<S3Calls>
  readonly anonymous: boolean
  /** Web address of an object without a query: what a browser would open. */
  urlOf(bucket: string, key: string): string
  readonly limits: S3Limits
  readonly archive: ArchiveLimits
  /** Ends open connections. */
  close(): void
}

/** @throws AppError `config` where `endpoint` is not an http(s) URL or holds a password */
export function createS3(options: S3Options = {}): S3Deps {
  const endpoint = options.endpoint === undefined ? null : parseEndpoint(options.endpoint)
  const limits = { ...defaultS3Limits, ...options.limits }
  const clients: Sdk.S3Client[] = []
  const open = async (anonymous: boolean): Promise<S3Calls> => {
    const { sdk, client } = await openClient(options, anonymous, limits)
    clients.push(client)
    return callsOf(sdk, client)
  }
  const anonymous = options.anonymous ?? false
  let calls: Promise<S3Calls> | null = null
  let publicCalls: Promise<S3Calls> | null = null
  return {
    calls: () => (calls ??= open(anonymous)),
    publicCalls: () => (publicCalls ??= open(true)),
    anonymous,
    urlOf: (bucket, key) => {
      const base = endpoint === null ? `https://${bucket}.s3.amazonaws.com` : `${endpoint}/${bucket}`
      return `${base}/${key.split('/').map(encodeURIComponent).join('/')}`
    },
    limits,
    archive: options.archive ?? defaultArchiveLimits,
    close: () => {
      for (const client of clients) client.destroy()
    },
  }
}

async function openClient(
  options: S3Options,
  anonymous: boolean,
  limits: S3Limits,
): Promise<{ sdk: typeof Sdk; client: Sdk.S3Client }> {
  // Node 20 serves until the SDK's pinned version is raised; the notice would be on every user's terminal.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    region: options.region ?? (await defaultRegion(sdk)),
    forcePathStyle: options.forcePathStyle ?? options.endpoint !== undefined,
    // Elsewhere than at AWS a server must not choose which host is asked.
    followRegionRedirects: options.endpoint === undefined,
    maxAttempts: options.maxAttempts ?? 5,
    requestHandler: {
      connectionTimeout: Math.min(limits.stallTimeout, 10_000),
      requestTimeout: limits.stallTimeout,
      throwOnRequestTimeout: true,
    },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(anonymous ? unsigned : options.credentials ? { credentials: options.credentials } : {}),
  })
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args)
      const response = result.response as { body?: unknown }
      if (context.commandName !== 'GetObjectCommand' && response.body instanceof Readable) {
        const bounds = { stallTimeout: limits.stallTimeout, maxBytes: limits.maxAnswerBytes }
        response.body = Readable.from(guardBody(response.body, bounds))
      }
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'boundAnswers' },
  )
  return { sdk, client }
}

/** What the SDK's own chain says. */
async function defaultRegion(sdk: typeof Sdk): Promise<string> {
  const probe = new sdk.S3Client({})
  try {
    return await probe.config.region()
  } catch {
    return fallbackRegion
  } finally {
    probe.destroy()
  }
}

function callsOf(sdk: typeof Sdk, client: Sdk.S3Client): S3Calls {
  return {
    listVersions: (input, abortSignal) =>
      client.send(new sdk.ListObjectVersionsCommand(input), { abortSignal }),
    listObjects: (input, abortSignal) => client.send(new sdk.ListObjectsV2Command(input), { abortSignal }),
    getObject: (input, abortSignal) => client.send(new sdk.GetObjectCommand(input), { abortSignal }),
    headObject: (input, abortSignal) => client.send(new sdk.HeadObjectCommand(input), { abortSignal }),
    getBucketTagging: (input, abortSignal) =>
      client.send(new sdk.GetBucketTaggingCommand(input), { abortSignal }),
    getRequestPayment: (input, abortSignal) =>
      client.send(new sdk.GetBucketRequestPaymentCommand(input), { abortSignal }),
  }
}

function parseEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new AppError(
      'config',
      'S3_ENDPOINT is not an http(s) address; write it like https://s3.example.org',
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'config',
      'S3_ENDPOINT holds a user name or password; give credentials to the SDK instead',
    )
  }
  return url.href.replace(/\/$/, '')
}
