/** Google: API keys, OAuth tokens with a count or a protocol buffer inside, and key files. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base64url, digits } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { bytesCheck } from './checks/bytes.ts'
import { failed, passed, verdict } from './checks/outcome.ts'
import { protoBytes, protoNumber, readProto, writeProto } from './checks/protobuf.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { checkServiceAccount, jsonExtent, mintServiceAccount } from './checks/service-account.ts'
import { inside, prefixed } from './checks/shape.ts'

export const google: readonly Detector[] = [
  prefixed({
    id: 'google-api-key',
    issuer: 'Google',
    kind: 'API key (Cloud, Maps, Firebase, Gemini)',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    anchors: ['AIza'],
    pattern: 'AIza[A-Za-z0-9_-]{35}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 39,
    checkKind: 'structure',
    check: bytesCheck(0, [29]),
    mint: (random) => `AIza${letters(random, base64url, 34)}${letters(random, 'AEIMQUYcgkosw048', 1)}`,
    revoke: 'API Keys API DELETE /v2/projects/…/keys/… by the owner',
  }),
  prefixed({
    id: 'google-api-key-bound',
    issuer: 'Google',
    kind: 'API key bound to a service account',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    anchors: ['AQ.Ab8RN6'],
    pattern: String.raw`AQ\.Ab8RN6[A-Za-z0-9_-]{44}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 53,
    revoke: 'as above',
  }),
  prefixed({
    id: 'google-oauth-access-token',
    issuer: 'Google',
    kind: 'user access token',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    anchors: ['ya29.a0'],
    pattern: String.raw`ya29\.a0[A-Za-z0-9_-]{60,400}aCgYK[A-Za-z0-9_-]{38}[0-9]{4}`,
    notAfter: 'A-Za-z0-9_.-',
    maxLength: 460,
    checkKind: 'structure',
    check: checkAccess,
    mint: mintAccess,
    revoke: 'POST https://oauth2.googleapis.com/revoke?token=…, 200; expires after 1 h',
  }),
  prefixed({
    id: 'google-oauth-token',
    issuer: 'Google',
    kind: 'access token, any form',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    anchors: ['ya29.'],
    pattern: String.raw`ya29\.[A-Za-z0-9_-]{20,500}[A-Za-z0-9_.-]{0,600}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 1110,
    yieldsTo: ['google-oauth-access-token'],
    revoke: 'POST https://oauth2.googleapis.com/revoke?token=…, 200',
  }),
  prefixed({
    id: 'google-oauth-refresh-token',
    issuer: 'Google',
    kind: 'refresh token',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    anchors: ['1//0'],
    pattern: '1//0[A-Za-z0-9_-]{12}CgYIARAAG[A-Za-z0-9_-]{70,90}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 120,
    checkKind: 'structure',
    check: checkRefresh,
    mint: mintRefresh,
    revoke: 'POST https://oauth2.googleapis.com/revoke?token=…, 200',
  }),
  prefixed({
    id: 'google-oauth-client-secret',
    issuer: 'Google',
    kind: 'OAuth client secret',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    anchors: ['GOCSPX-'],
    pattern: 'GOCSPX-[A-Za-z0-9_-]{28}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 35,
    revoke: 'dashboard only',
  }),
  inside(
    {
      id: 'gcp-service-account-key',
      issuer: 'Google',
      kind: 'service account key file',
      docs: 'https://cloud.google.com/docs/authentication/api-keys',
      anchors: ['"service_account"'],
      pattern: String.raw`\{[^{}]{0,300}"service_account"`,
      notBefore: '',
      maxLength: 4096,
      checkKind: 'structure',
      extent: jsonExtent,
      check: checkServiceAccount,
      mint: mintServiceAccount,
      revoke: 'IAM DELETE …/serviceAccounts/…/keys/{private_key_id}',
    },
    320,
  ),
  prefixed({
    id: 'google-hmac-key-id',
    issuer: 'Google',
    kind: 'Cloud Storage HMAC key id',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    anchors: ['GOOG'],
    pattern: 'GOOG(?:1[A-Z0-9]{56}|[A-Z0-9]{20})',
    maxLength: 61,
    revoke: 'DELETE /storage/v1/projects/…/hmacKeys/{id}',
  }),
  inside(
    {
      id: 'google-recaptcha-key',
      issuer: 'Google',
      kind: 'reCAPTCHA site or secret key',
      docs: 'https://cloud.google.com/docs/authentication/api-keys',
      anchors: ['AAAAA'],
      pattern: '6L[A-Za-z0-9_-]{6}AAAAA[A-Za-z0-9_-]{27}',
      notAfter: 'A-Za-z0-9_-',
      notBefore: 'A-Za-z0-9_-',
      maxLength: 40,
      manualOnly: true,
      revoke: 'dashboard only',
    },
    8,
  ),
  inside(
    {
      id: 'firebase-fcm-server-key',
      issuer: 'Google',
      kind: 'FCM server key (legacy API, ended)',
      docs: 'https://cloud.google.com/docs/authentication/api-keys',
      anchors: [':APA91b'],
      pattern: 'AAAA[A-Za-z0-9_-]{7}:APA91b[E-H][A-Za-z0-9_-]{133}',
      notAfter: 'A-Za-z0-9_-',
      notBefore: 'A-Za-z0-9_-',
      maxLength: 152,
      checkKind: 'structure',
      check: checkFcm,
      mint: mintFcm,
      revoke: 'dashboard only',
    },
    11,
  ),
  inside(
    {
      id: 'google-oauth-client-id',
      issuer: 'Google',
      kind: 'OAuth client id (public; marks pairs)',
      docs: 'https://cloud.google.com/docs/authentication/api-keys',
      anchors: ['.apps.googleusercontent.com'],
      pattern: String.raw`[0-9]{6,14}-[a-z0-9]{32}\.apps\.googleusercontent\.com`,
      maxLength: 80,
      manualOnly: true,
      revoke: 'n/a',
    },
    47,
  ),
]

/** Forty-two characters before the last four are 31 bytes of fixed form; the four count what stands before them. */
function checkAccess(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const tail = strictBase64(text.slice(-46, -4))?.toString('hex') ?? ''
  if (!/^0a060a01..1201..121501c65f6322.{32}$/.test(tail)) return failed
  return verdict(Number(text.slice(-4)) === text.length - 47, 13)
}

function mintAccess(random: Random): string {
  const head = `ya29.a0${letters(random, base64url, 160)}`
  const tail = Buffer.concat([
    Buffer.from('0a060a015512015312', 'hex'),
    Buffer.from('1501c65f6322', 'hex'),
    randomBytes(random, 16),
  ])
  return `${head}a${tail.toString('base64url')}${String(head.length).padStart(4, '0')}`
}

/** From the 17th character on, {1: {1: 1, 2: 0, 3: n}, 2: 50 to 60 bytes of a fixed head}. */
function checkRefresh(secret: Buffer): CheckResult {
  const fields = readProto(strictBase64(secret.toString('latin1', 16)) ?? Buffer.from([0]))
  const head = readProto(protoBytes(fields, 1) ?? Buffer.from([0]))
  const body = protoBytes(fields, 2)
  const fits = protoNumber(head, 1) === 1n && protoNumber(head, 2) === 0n && protoNumber(head, 3) !== null
  return verdict(fits && body !== null && body.length >= 50 && body.length <= 60, 24)
}

function mintRefresh(random: Random): string {
  const head = writeProto([
    { number: 1, value: 1 },
    { number: 2, value: 0 },
    { number: 3, value: 6 },
  ])
  const body = Buffer.concat([Buffer.from('017e2fd22b', 'hex'), randomBytes(random, 50)])
  const proto = writeProto([
    { number: 1, value: head },
    { number: 2, value: body },
  ])
  return `1//0${letters(random, base64url, 12)}${proto.toString('base64url')}`
}

/** The number of the project, in 64 bits. */
function checkFcm(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1', 0, 11))
  const project = bytes?.length === 8 ? bytes.readBigUInt64BE() : 0n
  return project > 10n ** 8n && project < 10n ** 13n ? passed(12, { project: String(project) }) : failed
}

function mintFcm(random: Random): string {
  const project = Buffer.alloc(8)
  project.writeBigUInt64BE(BigInt(`1${letters(random, digits, 11)}`))
  return `${project.toString('base64url')}:APA91b${letters(random, 'EFGH', 1)}${letters(random, base64url, 133)}`
}
