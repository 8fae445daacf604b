/** JFrog: reference tokens decode to a version, a time and a secret. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, digits } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const jfrog: readonly Detector[] = [
  prefixed({
    id: 'jfrog-reference-token',
    issuer: 'JFrog',
    kind: 'reference token',
    docs: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens',
    anchors: ['cmVmdGtu'],
    pattern: 'cmVmdGtu[A-Za-z0-9]{56}',
    maxLength: 64,
    checkKind: 'structure',
    check: checkReference,
    mint: mintReference,
    revoke: 'Access API DELETE /access/api/v1/tokens/{id} by an admin',
  }),
  prefixed({
    id: 'jfrog-api-key',
    issuer: 'JFrog',
    kind: 'API key (ended)',
    docs: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens',
    anchors: ['AKCp'],
    pattern: 'AKCp[1-9A-HJ-NP-Za-km-z]{69}',
    maxLength: 73,
    revoke: 'dashboard only',
  }),
]

function checkReference(secret: Buffer): CheckResult {
  const text = strictBase64(secret.toString('latin1'), { alphabet: 'standard' })?.toString('latin1') ?? ''
  return verdict(/^reftkn:[0-9]{2}:[0-9]{10}:[\x21-\x7e]+$/.test(text), 40)
}

function mintReference(random: Random): string {
  return Buffer.from(`reftkn:01:17${letters(random, digits, 8)}:${letters(random, base62, 27)}`).toString(
    'base64',
  )
}
