/** Amazon: tokens with an end, presigned addresses, and the keys of single services. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, digits, hex } from './checks/alphabets.ts'
import {
  checkPresigned,
  checkSessionToken,
  mintSessionToken,
  presignedAddress,
} from './checks/aws-session.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, passed, verdict } from './checks/outcome.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'

export const amazonTokens: readonly Detector[] = [
  prefixed({
    id: 'aws-session-token',
    issuer: 'Amazon Web Services',
    kind: 'temporary session token',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    anchors: ['IQoJb3JpZ2luX2Vj', 'FwoGZXIvYXdz', 'FQoGZXIvYXdz', 'FQoDYXdz', 'AQoDYXdz'],
    pattern:
      '(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz|AQoDYXdz)[A-Za-z0-9+/]{80,1000}[A-Za-z0-9+/]{0,1000}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 2100,
    checkKind: 'structure',
    check: checkSessionToken,
    mint: mintSessionToken,
    revoke: 'IAM deny policy on sessions older than a date (AWSRevokeOlderSessions)',
  }),
  prefixed({
    id: 'aws-bedrock-api-key',
    issuer: 'Amazon Web Services',
    kind: 'Bedrock API key, long-term',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    anchors: ['ABSK'],
    pattern: 'ABSK[A-Za-z0-9+/]{80,200}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 210,
    checkKind: 'structure',
    check: checkBedrock,
    mint: mintBedrock,
    revoke: 'IAM DeleteServiceSpecificCredential',
  }),
  prefixed({
    id: 'aws-bedrock-api-key-short',
    issuer: 'Amazon Web Services',
    kind: 'Bedrock API key, short-term (12 h)',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    anchors: ['bedrock-api-key-'],
    pattern: 'bedrock-api-key-[A-Za-z0-9+/=]{100,1000}[A-Za-z0-9+/=]{0,1000}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 2020,
    checkKind: 'structure',
    check: checkBedrockShort,
    mint: (random) =>
      `bedrock-api-key-${Buffer.from(presigned(random, 'bedrock.amazonaws.com/?Action=CallWithBearerToken')).toString('base64')}`,
    revoke: 'as session token',
  }),
  prefixed({
    id: 'aws-eks-token',
    issuer: 'Amazon Web Services',
    kind: 'EKS login token',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    anchors: ['k8s-aws-v1.'],
    pattern: String.raw`k8s-aws-v1\.[A-Za-z0-9_-]{200,1000}[A-Za-z0-9_-]{0,1000}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 2015,
    checkKind: 'structure',
    check: checkEks,
    mint: (random) =>
      `k8s-aws-v1.${Buffer.from(presigned(random, 'https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity')).toString('base64url')}`,
    revoke: 'expires',
  }),
  valued({
    id: 'aws-ses-smtp-password',
    issuer: 'Amazon Web Services',
    kind: 'SES SMTP password',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    context: ['smtp', 'ses_', 'ses-', 'amazonses'],
    contextWithin: 80,
    pattern: '[A-Za-z0-9+/]{44}',
    notAfter: 'A-Za-z0-9+/=',
    notBefore: 'A-Za-z0-9+/',
    maxLength: 44,
    checkKind: 'structure',
    check: checkSmtp,
    mint: mintSmtp,
    revoke: 'delete the access key it derives from',
  }),
  prefixed({
    id: 'aws-mws-auth-token',
    issuer: 'Amazon Web Services',
    kind: 'Marketplace Web Service token (ended)',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    anchors: ['amzn.mws.'],
    pattern: String.raw`amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
    maxLength: 45,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'aws-appsync-key',
    issuer: 'Amazon Web Services',
    kind: 'AppSync API key',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    anchors: ['da2-'],
    pattern: 'da2-[a-z0-9]{26}',
    maxLength: 30,
    revoke: 'AppSync DeleteApiKey',
  }),
  prefixed({
    id: 'amazon-lwa-client-secret',
    issuer: 'Amazon',
    kind: 'Login with Amazon client secret',
    docs: 'https://developer.amazon.com/docs/login-with-amazon/documentation-overview.html',
    anchors: ['amzn1.oa2-cs.v1.'],
    pattern: String.raw`amzn1\.oa2-cs\.v1\.[0-9a-f]{64}`,
    maxLength: 80,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'amazon-lwa-token',
    issuer: 'Amazon',
    kind: 'Login with Amazon access or refresh token',
    docs: 'https://developer.amazon.com/docs/login-with-amazon/documentation-overview.html',
    anchors: ['Atza|IwEB', 'Atzr|IwEB'],
    pattern: String.raw`Atz[ar]\|IwEB[A-Za-z0-9_-]{100,800}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 820,
    revoke: 'the user removes the app',
  }),
]

/** Three head bytes, the user's name, `-at-` and the account, a colon, and base64 of 44 bytes. */
function checkBedrock(secret: Buffer): CheckResult {
  const text = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })?.toString(
    'latin1',
    3,
  )
  const account = /^[\x21-\x39\x3b-\x7e]+-at-([0-9]{12}):[A-Za-z0-9+/]{59}=$/.exec(text ?? '')?.[1]
  return account ? passed(60, { account }) : failed
}

function mintBedrock(random: Random): string {
  const key = randomBytes(random, 44).toString('base64')
  const text = `BedrockAPIKey-${letters(random, base62, 4)}-at-${letters(random, digits.slice(1), 12)}:${key}`
  return Buffer.concat([Buffer.from([0, 0x14, 0x8a]), Buffer.from(text)]).toString('base64')
}

function checkBedrockShort(secret: Buffer, now: number): CheckResult {
  const bytes = strictBase64(secret.toString('latin1', 16), { alphabet: 'standard', padding: 'any' })
  const text = bytes?.toString('latin1') ?? ''
  if (!text.startsWith('bedrock.amazonaws.com/?Action=CallWithBearerToken')) return failed
  return checkPresigned(text, now, null)
}

function checkEks(secret: Buffer, now: number): CheckResult {
  const text = strictBase64(secret.toString('latin1', 11))?.toString('latin1') ?? ''
  if (!/^https:\/\/sts\.[a-z0-9.-]*amazonaws\.com(?:\.cn)?\/\?.*Action=GetCallerIdentity/.test(text))
    return failed
  // The cluster takes such an address for a quarter of an hour, whatever the address says itself.
  return checkPresigned(text, now, 15 * 60)
}

function presigned(random: Random, start: string): string {
  return presignedAddress(start, letters(random, hex, 64))
}

/** One byte of version, 32 of HMAC. */
function checkSmtp(secret: Buffer): CheckResult {
  return verdict(strictBase64(secret.toString('latin1'), { alphabet: 'standard' })?.[0] === 4, 8)
}

function mintSmtp(random: Random): string {
  return Buffer.concat([Buffer.from([4]), randomBytes(random, 32)]).toString('base64')
}
