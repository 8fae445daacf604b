/** Notion: a CRC-16 in three digits of base62, small letters first. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, digits, encodeNumber, lower, upper } from './checks/alphabets.ts'
import { crc16Arc } from './checks/crc.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const notion: readonly Detector[] = [
  prefixed({
    id: 'notion-integration-token',
    issuer: 'Notion',
    kind: 'integration token',
    docs: 'https://developers.notion.com/reference/authentication',
    anchors: ['ntn_'],
    pattern: 'ntn_[0-9]{11}[A-Za-z0-9]{35}',
    maxLength: 50,
    check: checkToken,
    mint: mintToken,
    revoke: 'POST https://api.notion.com/v1/oauth/revoke (OAuth tokens); else dashboard',
  }),
  prefixed({
    id: 'notion-secret-legacy',
    issuer: 'Notion',
    kind: 'integration token, old form',
    docs: 'https://developers.notion.com/reference/authentication',
    anchors: ['secret_'],
    pattern: 'secret_[A-Za-z0-9]{43}',
    maxLength: 50,
    minEntropy: 4,
    revoke: 'dashboard only',
  }),
]

const order = digits + lower + upper

function sum(text: string): string {
  return encodeNumber(crc16Arc(Buffer.from(text)), order, 3)
}

/** Over everything before it, the prefix included. */
function checkToken(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  return verdict(sum(text.slice(0, -3)) === text.slice(-3), 16)
}

function mintToken(random: Random): string {
  const body = `ntn_${letters(random, digits, 11)}${letters(random, base62, 32)}`
  return body + sum(body)
}
