/**
 * What an error of the SDK means, in words for the reader. Nothing of the error itself is kept but its name,
 * status and request id: for a refused signature S3 sends back the signed headers, session token included.
 */
import { AppError, type ErrorCode } from '../../model/errors.ts'

interface Subject {
  bucket: string
  key?: string
}

interface Meaning {
  code: ErrorCode
  /** Follows the subject. */
  says: string
  retryable?: boolean
}

const regionHint = 'is in another region; set S3_REGION'
const credentialsHint =
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or a profile), or S3_ANONYMOUS for public buckets'

const meanings: Readonly<Record<string, Meaning>> = {
  NoSuchBucket: { code: 'not_found', says: 'does not exist; check the name and S3_ENDPOINT' },
  NoSuchKey: { code: 'not_found', says: 'is no longer there' },
  NoSuchVersion: { code: 'not_found', says: 'is no longer there in this version' },
  NotFound: { code: 'not_found', says: 'is no longer there' },
  MethodNotAllowed: { code: 'not_found', says: 'was deleted in this version' },
  InvalidObjectState: {
    code: 'special_file',
    says: 'is archived (Glacier) and cannot be read before it is restored',
  },
  PreconditionFailed: { code: 'conflict', says: 'changed while it was read; scan again' },
  InvalidRange: { code: 'conflict', says: 'changed while it was read; scan again' },
  PermanentRedirect: { code: 'remote_refused', says: regionHint },
  AuthorizationHeaderMalformed: { code: 'remote_refused', says: regionHint },
  IllegalLocationConstraintException: { code: 'remote_refused', says: regionHint },
  InvalidAccessKeyId: {
    code: 'unauthorized',
    says: `: S3 does not know this access key id; ${credentialsHint}`,
  },
  SignatureDoesNotMatch: { code: 'unauthorized', says: ': the secret access key is wrong' },
  ExpiredToken: { code: 'unauthorized', says: ': the session token is over; get a new one' },
  InvalidToken: { code: 'unauthorized', says: ': the session token is not valid' },
  RequestTimeTooSkewed: { code: 'unauthorized', says: ': the clock of this machine is wrong' },
  CredentialsProviderError: { code: 'unauthorized', says: `: no credentials; ${credentialsHint}` },
  InvalidBucketName: { code: 'usage', says: 'is not a name a bucket can have' },
  TimeoutError: { code: 'timeout', says: ': the server did not answer in time', retryable: true },
}

const byStatus: Readonly<Record<number, Meaning>> = {
  301: { code: 'remote_refused', says: regionHint },
  302: {
    code: 'remote_refused',
    says: ': the server sent us elsewhere, where we do not go; check S3_ENDPOINT',
  },
  307: {
    code: 'remote_refused',
    says: ': the server sent us elsewhere, where we do not go; check S3_ENDPOINT',
  },
  401: { code: 'unauthorized', says: `: not signed in; ${credentialsHint}` },
  404: { code: 'not_found', says: 'is not there' },
  412: { code: 'conflict', says: 'changed while it was read; scan again' },
  429: { code: 'rate_limited', says: ': S3 asks for fewer requests', retryable: true },
  503: { code: 'rate_limited', says: ': S3 asks for fewer requests', retryable: true },
}

const network: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** @param error anything the SDK or a body threw; an `AppError` of ours is given its subject */
export function s3Failure(error: unknown, subject: Subject): AppError {
  const { name, code, status, message } = factsOf(error)
  const what =
    subject.key === undefined
      ? `bucket "${subject.bucket}"`
      : `object "${subject.key}" in bucket "${subject.bucket}"`
  if (error instanceof AppError) {
    return new AppError(error.code, `${what}: ${error.message}`, { retryable: error.retryable })
  }
  const meaning = meaningOf(name, code, status, message, subject)
  const says = meaning.says.startsWith(':') ? meaning.says : ` ${meaning.says}`
  return new AppError(meaning.code, `${what}${says}${regionIn(error, meaning)}`, {
    cause: new Error(`S3 answered ${name} (${status ?? code ?? 'no answer'})`),
    retryable: meaning.retryable ?? false,
  })
}

/** S3 answered that this may not be asked, or that it does not know the question. */
export function isRefusal(error: unknown): 'denied' | 'unknown' | null {
  const { name, status } = factsOf(error)
  if (name === 'AccessDenied' || name === 'AllAccessDisabled' || status === 403) return 'denied'
  return name === 'NotImplemented' || name === 'MethodNotAllowed' || status === 501 || status === 405
    ? 'unknown'
    : null
}

function meaningOf(
  name: string,
  code: string | null,
  status: number | null,
  message: string,
  subject: Subject,
): Meaning {
  // Before the names: the SDK calls a reset connection a timeout.
  if (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    (status === null && /aborted|hang up|premature/i.test(message))
  ) {
    return { code: 'remote_failed', says: ': the server cut the connection', retryable: true }
  }
  const known = meanings[name] ?? (status === null ? undefined : byStatus[status])
  if (known) return known
  if (status === 403) {
    const right = subject.key === undefined ? 's3:ListBucket' : 's3:GetObject and s3:GetObjectVersion'
    return {
      code: 'forbidden',
      says: `may not be read with these credentials; it takes ${right}, and buckets that make the requester pay are not read`,
    }
  }
  if (status !== null && status >= 500) {
    return { code: 'remote_failed', says: ': S3 has an error of its own', retryable: true }
  }
  if (code !== null && network.has(code)) {
    return { code: 'unavailable', says: ': the server cannot be reached; check S3_ENDPOINT', retryable: true }
  }
  if (/checksum mismatch/i.test(message)) {
    return { code: 'remote_failed', says: ': what came does not match its checksum', retryable: true }
  }
  return { code: 'remote_failed', says: `: S3 answered ${name}${status === null ? '' : ` (${status})`}` }
}

function factsOf(error: unknown): {
  name: string
  code: string | null
  status: number | null
  message: string
} {
  const given = error as {
    name?: unknown
    code?: unknown
    message?: unknown
    $metadata?: { httpStatusCode?: unknown }
  } | null
  const status = given?.$metadata?.httpStatusCode
  return {
    name: typeof given?.name === 'string' && /^\w{1,64}$/.test(given.name) ? given.name : 'Error',
    code: typeof given?.code === 'string' ? given.code : null,
    status: typeof status === 'number' ? status : null,
    message: typeof given?.message === 'string' ? given.message : '',
  }
}

/** The region S3 named, for the reader to set. */
function regionIn(error: unknown, meaning: Meaning): string {
  if (meaning.says !== regionHint) return ''
  const given = error as { Region?: unknown; $response?: { headers?: Record<string, unknown> } }
  const region = given.Region ?? given.$response?.headers?.['x-amz-bucket-region']
  return typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region) ? ` to "${region}"` : ''
}
