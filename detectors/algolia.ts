/** Algolia: keys beside its name; secured ones are base64 of a sum and a query. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const algolia: readonly Detector[] = [
  valued({
    id: 'algolia-api-key',
    issuer: 'Algolia',
    kind: 'API key',
    docs: 'https://www.algolia.com/doc/guides/security/api-keys/',
    context: ['algolia'],
    contextWithin: 60,
    pattern: '[0-9a-f]{32}',
    maxLength: 32,
    minEntropy: 2.8,
    revoke: 'DELETE /1/keys/{key} with the admin key',
  }),
  valued({
    id: 'algolia-secured-api-key',
    issuer: 'Algolia',
    kind: 'secured API key (derived; restricted)',
    docs: 'https://www.algolia.com/doc/guides/security/api-keys/',
    context: ['algolia'],
    pattern: '[A-Za-z0-9+/]{90,800}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    notBefore: 'A-Za-z0-9+/',
    maxLength: 802,
    checkKind: 'structure',
    check: checkSecured,
    mint: mintSecured,
    revoke: 'delete the parent key',
  }),
]

/** HMAC-SHA-256 in hex, then a query string. */
function checkSecured(secret: Buffer): CheckResult {
  const text =
    strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })?.toString('latin1') ??
    ''
  return verdict(/^[0-9a-f]{64}[A-Za-z]+=[\x21-\x7e]*$/.test(text), 60)
}

function mintSecured(random: Random): string {
  return Buffer.from(`${letters(random, hex, 64)}filters=owner%3A42&validUntil=4102444800`).toString('base64')
}
