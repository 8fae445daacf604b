/** Anthropic: 64 bytes and a CRC-32 in base64url; for the newer kinds the sum only raises confidence. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { crc32, littleEndian } from './checks/crc.ts'
import { failed, notApplicable, passed } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const anthropic: readonly Detector[] = [
  prefixed({
    id: 'anthropic-api-key',
    issuer: 'Anthropic',
    kind: 'API key',
    docs: 'https://docs.anthropic.com/en/api/overview',
    anchors: ['sk-ant-api03-'],
    pattern: 'sk-ant-api03-[A-Za-z0-9_-]{86}-[A-Za-z0-9_-]{6}AA',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 108,
    check: checkKey,
    mint: mint('sk-ant-api03-'),
    revoke: 'Anthropic disables on a partner report; else dashboard',
  }),
  prefixed({
    id: 'anthropic-admin-key',
    issuer: 'Anthropic',
    kind: 'admin key',
    docs: 'https://docs.anthropic.com/en/api/overview',
    anchors: ['sk-ant-admin01-'],
    pattern: 'sk-ant-admin01-[A-Za-z0-9_-]{86}-[A-Za-z0-9_-]{6}AA',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 110,
    checkKind: 'structure',
    check: tryKey,
    mint: mint('sk-ant-admin01-'),
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'anthropic-oauth-token',
    issuer: 'Anthropic',
    kind: 'OAuth access or refresh token (Claude Code)',
    docs: 'https://docs.anthropic.com/en/api/overview',
    anchors: ['sk-ant-oat01-', 'sk-ant-ort01-'],
    pattern: 'sk-ant-o[ar]t01-[A-Za-z0-9_-]{80,100}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 113,
    checkKind: 'structure',
    check: tryKey,
    mint: mint('sk-ant-oat01-'),
    revoke: 'sign out',
  }),
]

/** CRC-32 of all before the last dash, as four little-endian bytes and two of zero. */
function sum(head: string): string {
  return Buffer.concat([littleEndian(crc32(head)), Buffer.alloc(2)]).toString('base64url')
}

function checkKey(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const [head, tail] = [text.slice(0, -9), text.slice(-8)]
  return strictBase64(head.slice(-86))?.length === 64 && sum(head) === tail ? passed(36) : failed
}

/** No sample of these kinds is public, so a miss says nothing. */
function tryKey(secret: Buffer): CheckResult {
  const result = checkKey(secret)
  return result.outcome === 'passed' ? result : notApplicable
}

function mint(prefix: string): (random: Random) => string {
  return (random) => {
    const head = prefix + randomBytes(random, 64).toString('base64url')
    return `${head}-${sum(head)}`
  }
}
