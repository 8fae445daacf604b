/** Yandex: OAuth tokens with a CRC-32, and cloud tokens that are a protocol buffer with every bit inverted. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base36, base64url } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { bytesCheck } from './checks/bytes.ts'
import { crc32 } from './checks/crc.ts'
import { failed, passedUntil, verdict } from './checks/outcome.ts'
import { protoBytes, protoNumber, readProto, writeProto } from './checks/protobuf.ts'
import { between, letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const yandex: readonly Detector[] = [
  prefixed({
    id: 'yandex-oauth-token',
    issuer: 'Yandex',
    kind: 'OAuth token',
    docs: 'https://yandex.com/dev/id/doc/en/',
    anchors: ['y0_'],
    pattern: 'y0_[A-Za-z0-9_-]{45,80}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 83,
    check: checkOauth,
    mint: mintOauth,
    revoke: 'POST https://oauth.yandex.ru/revoke_token with client id and secret',
  }),
  prefixed({
    id: 'yandex-oauth-token-v1',
    issuer: 'Yandex',
    kind: 'OAuth token, old form',
    docs: 'https://yandex.com/dev/id/doc/en/',
    anchors: ['AQAAAA'],
    pattern: 'AQAAAA[A-Za-z0-9_-]{33}',
    notBefore: 'A-Za-z0-9_+/-',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 39,
    checkKind: 'structure',
    check: bytesCheck(0, [29]),
    minEntropy: 3.5,
    mint: mintOld,
    revoke: 'POST https://oauth.yandex.ru/revoke_token with client id and secret',
  }),
  prefixed({
    id: 'yandex-cloud-iam-token',
    issuer: 'Yandex',
    kind: 'Cloud IAM token',
    docs: 'https://yandex.cloud/en/docs/iam/concepts/authorization/iam-token',
    anchors: ['t1.9euelZ'],
    pattern: String.raw`t1\.9euelZ[A-Za-z0-9_-]{60,400}\.[A-Za-z0-9_-]{86}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 496,
    checkKind: 'structure',
    check: checkIam,
    mint: mintIam,
    revoke: 'IAM API revoke (`yc iam revoke-token`)',
  }),
  prefixed({
    id: 'yandex-cloud-api-key',
    issuer: 'Yandex',
    kind: 'Cloud API key',
    docs: 'https://yandex.cloud/en/docs/iam/concepts/authorization/api-key',
    anchors: ['AQVN'],
    pattern: 'AQVN[A-Za-z0-9_-]{36}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 40,
    checkKind: 'structure',
    check: (secret) => verdict(/^....[w-z0-3]/.test(secret.toString('latin1')), 3),
    mint: (random) => `AQVN${letters(random, 'wxyz0123', 1)}${letters(random, base64url, 35)}`,
    revoke: 'DELETE https://iam.api.cloud.yandex.net/iam/v1/apiKeys/{id}',
  }),
  prefixed({
    id: 'yandex-cloud-secret-key',
    issuer: 'Yandex',
    kind: 'Cloud static secret key',
    docs: 'https://yandex.cloud/en/docs/iam/concepts/authorization/access-key',
    anchors: ['YC'],
    pattern: 'YC[A-Za-z0-9_-]{38}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 40,
    minEntropy: 4,
    revoke: 'DELETE the static access key by its id',
  }),
]

/** The last four of the bytes are the CRC-32 of those before. */
function checkOauth(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1', 3))
  if (!bytes || bytes.length < 30) return failed
  return verdict(crc32(bytes.subarray(0, -4)) === bytes.readUInt32BE(bytes.length - 4), 32)
}

/** 02, account, client and token number, 16 bytes, the sum. */
function mintOauth(random: Random): string {
  const numbers = Buffer.alloc(21)
  numbers[0] = 2
  numbers.writeBigUInt64BE(BigInt(between(random, 10_000_000, 2_000_000_000)), 1)
  numbers.writeUInt32BE(between(random, 100_000, 9_000_000), 9)
  numbers.writeBigUInt64BE(BigInt(between(random, 1_000_000_000, 9_000_000_000)), 13)
  const body = Buffer.concat([numbers, randomBytes(random, 16)])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return `y0_${Buffer.concat([body, sum]).toString('base64url')}`
}

/** 01, the account's number, the client's, 16 bytes. */
function mintOld(random: Random): string {
  const head = Buffer.alloc(9)
  head[0] = 1
  head.writeBigUInt64BE(BigInt(between(random, 10_000_000, 2_000_000_000)), 1)
  return Buffer.concat([head, randomBytes(random, 20)]).toString('base64url')
}

function inverted(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => ~byte & 255))
}

/** Token and subject id, when it was issued, when it expires: a day later at most. */
function checkIam(secret: Buffer, now: number): CheckResult {
  const [, first = '', last = ''] = secret.toString('latin1').split('.')
  const bytes = strictBase64(first)
  const fields = bytes && readProto(inverted(bytes))
  if (!fields || strictBase64(last)?.length !== 64) return failed
  if (![1, 2].every((number) => /^[a-z0-9]{20}$/.test(protoBytes(fields, number)?.toString('latin1') ?? '')))
    return failed
  const [issued, expires] = [3, 4].map((number) => seconds(protoBytes(fields, number)))
  if (!issued || !expires || expires < issued || expires - issued > 90_000) return failed
  return passedUntil(60, expires * 1000, now)
}

/** A protocol buffer's time stamp, to the second. */
function seconds(stamp: Buffer | null): number | null {
  return Number(protoNumber(stamp && readProto(stamp), 1) ?? 0n) || null
}

function mintIam(random: Random): string {
  const id = () => Buffer.from(`aje${letters(random, base36, 17)}`)
  const at = (time: number) => writeProto([{ number: 1, value: time }])
  const expires = 4_102_444_800 - between(random, 0, 1_000_000)
  const fields = [
    { number: 1, value: id() },
    { number: 2, value: id() },
    { number: 3, value: at(expires - 43_200) },
    { number: 4, value: at(expires) },
  ]
  const body = inverted(writeProto(fields)).toString('base64url')
  return `t1.${body}.${randomBytes(random, 64).toString('base64url')}`
}
