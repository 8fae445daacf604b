/**
 * The errors of the S3 protocol, with their status and XML. Codes and texts are those of the S3 API reference
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html): clients switch on them.
 */
import { document, element } from './xml.ts'

const known = {
  AccessDenied: [403, 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'The authorization header that you provided is not valid.'],
  BadDigest: [400, 'The checksum or Content-MD5 that you specified did not match what the server received.'],
  BucketAlreadyOwnedByYou: [409, 'The bucket that you tried to create already exists, and you own it.'],
  BucketNotEmpty: [409, 'The bucket that you tried to delete is not empty.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  IncompleteBody: [400, 'You did not provide the number of bytes specified by the Content-Length header.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The AWS access key ID that you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid argument.'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidObjectState: [403, "The operation is not valid for the object's storage class"],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidURI: [400, 'The specified URI could not be parsed.'],
  MalformedXML: [400, 'The XML that you provided was not well formed.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchTagSet: [404, 'The TagSet does not exist.'],
  NoSuchVersion: [404, 'The version ID specified in the request does not match an existing version.'],
  NotImplemented: [501, 'A header that you provided implies functionality that is not implemented.'],
  PermanentRedirect: [301, 'The bucket that you are attempting to access must be addressed elsewhere.'],
  PreconditionFailed: [412, 'At least one of the preconditions that you specified did not hold.'],
  RequestTimeTooSkewed: [403, "The difference between the request time and the server's time is too large."],
  SignatureDoesNotMatch: [403, 'The request signature that the server calculated does not match.'],
  SlowDown: [503, 'Please reduce your request rate.'],
  XAmzContentSHA256Mismatch: [
    400,
    'The provided x-amz-content-sha256 header does not match what was computed.',
  ],
} as const

export type S3ErrorCode = keyof typeof known

export class S3Error extends Error {
  readonly code: S3ErrorCode
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Further elements of the XML body, such as `BucketName`. */
  readonly details: Readonly<Record<string, string>>

  constructor(
    code: S3ErrorCode,
    options: { details?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    const [status, message] = known[code]
    super(message)
    this.code = code
    this.status = status
    this.headers = options.headers ?? {}
    this.details = options.details ?? {}
  }

  /** The body a client parses. */
  toXml(requestId: string): string {
    const details = Object.entries(this.details).map(([name, value]) => element(name, value))
    return document(
      `<Error>${element('Code', this.code)}${element('Message', this.message)}${details.join('')}${element('RequestId', requestId)}</Error>`,
    )
  }
}
