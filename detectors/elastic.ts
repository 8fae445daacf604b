/** Elastic: keys around an id and a secret, one of them with a CRC-32. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, base64url } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { crc32 } from './checks/crc.ts'
import { failed, verdict } from './checks/outcome.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'

export const elastic: readonly Detector[] = [
  prefixed({
    id: 'elastic-cloud-api-key',
    issuer: 'Elastic',
    kind: 'Cloud / Serverless API key',
    docs: 'https://www.elastic.co/docs/deploy-manage/api-keys',
    anchors: ['essu_'],
    pattern: 'essu_[A-Za-z0-9+/]{60,200}={0,2}',
    notAfter: 'A-Za-z0-9+/=_',
    maxLength: 207,
    check: checkCloud,
    mint: mintCloud,
    revoke: 'DELETE /_security/api_key or Cloud console',
  }),
  valued({
    id: 'elasticsearch-api-key',
    issuer: 'Elastic',
    kind: 'Elasticsearch API key, encoded form',
    docs: 'https://www.elastic.co/docs/deploy-manage/api-keys',
    context: ['apikey', 'api_key', 'elastic'],
    pattern: '[A-Za-z0-9+/]{58}==',
    notAfter: 'A-Za-z0-9+/=',
    notBefore: 'A-Za-z0-9+/',
    maxLength: 60,
    checkKind: 'structure',
    check: checkPair,
    mint: mintPair,
    revoke: 'DELETE /_security/api_key',
  }),
  prefixed({
    id: 'elasticsearch-service-token',
    issuer: 'Elastic',
    kind: 'Elasticsearch service account token',
    docs: 'https://www.elastic.co/docs/deploy-manage/api-keys',
    anchors: ['AAEAAWVsYXN0aWMv'],
    pattern: 'AAEAAWVsYXN0aWMv[A-Za-z0-9+/]{30,400}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 420,
    checkKind: 'structure',
    check: checkService,
    mint: mintService,
    revoke: 'DELETE /_security/service/…/credential/token/{name}',
  }),
]

/** Base64 text of `id:secret`, then its CRC-32 as a 64-bit number. */
function checkCloud(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1', 5), { alphabet: 'standard', padding: 'full' })
  if (!bytes || bytes.length < 20) return failed
  return verdict(bytes.readBigUInt64BE(bytes.length - 8) === BigInt(crc32(bytes.subarray(0, -8))), 60)
}

function mintCloud(random: Random): string {
  const pair = `${letters(random, base62, 20)}:${letters(random, base62, 22)}`
  const text = Buffer.from(Buffer.from(pair).toString('base64'))
  const sum = Buffer.alloc(8)
  sum.writeBigUInt64BE(BigInt(crc32(text)))
  return `essu_${Buffer.concat([text, sum]).toString('base64')}`
}

function checkPair(secret: Buffer): CheckResult {
  const text = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })?.toString(
    'latin1',
  )
  const key = /^[A-Za-z0-9_-]{20}:([A-Za-z0-9_-]{22})$/.exec(text ?? '')?.[1]
  return verdict(key !== undefined && strictBase64(key) !== null, 40)
}

function mintPair(random: Random): string {
  const pair = `${letters(random, base64url, 20)}:${randomBytes(random, 16).toString('base64url')}`
  return Buffer.from(pair).toString('base64')
}

function checkService(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })
  const key = /^elastic\/[\w-]+\/[\w.-]+:([A-Za-z0-9_-]{22})$/.exec(bytes?.toString('latin1', 4) ?? '')?.[1]
  return verdict(
    bytes?.toString('hex', 0, 4) === '00010001' && key !== undefined && strictBase64(key) !== null,
    60,
  )
}

function mintService(random: Random): string {
  const text = `elastic/fleet-server/setup:${randomBytes(random, 16).toString('base64url')}`
  return Buffer.concat([Buffer.from([0, 1, 0, 1]), Buffer.from(text)]).toString('base64')
}
