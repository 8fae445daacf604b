/** Bitwarden: an id, a secret and a key of 16 bytes. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random, randomBytes, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const bitwarden: readonly Detector[] = [
  prefixed({
    id: 'bitwarden-access-token',
    issuer: 'Bitwarden',
    kind: 'Secrets Manager access token',
    docs: 'https://bitwarden.com/help/access-tokens/',
    anchors: ['0.'],
    pattern: String.raw`0\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==`,
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 94,
    checkKind: 'structure',
    check: checkKey,
    mint: mintToken,
    revoke: 'dashboard only',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  const key = strictBase64(secret.toString('latin1').split(':')[1] ?? '', {
    alphabet: 'standard',
    padding: 'full',
  })
  return verdict(key?.length === 16, 4)
}

function mintToken(random: Random): string {
  return `0.${uuid4(random)}.${letters(random, base62, 30)}:${randomBytes(random, 16).toString('base64')}`
}
