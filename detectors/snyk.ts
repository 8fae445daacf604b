/** Snyk: newer tokens hold their expiry and host in base64url JSON. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { base64Json } from './checks/base64.ts'
import { failed, passedUntil } from './checks/outcome.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'

export const snyk: readonly Detector[] = [
  prefixed({
    id: 'snyk-pat',
    issuer: 'Snyk',
    kind: 'personal or service token',
    docs: 'https://docs.snyk.io/snyk-api/authentication-for-api',
    anchors: ['snyk_uat.', 'snyk_sat.'],
    pattern: String.raw`snyk_[us]at\.[0-9a-f]{8}\.[A-Za-z0-9_-]{40,400}\.[A-Za-z0-9_-]{20,200}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 620,
    checkKind: 'structure',
    check: checkSnyk,
    mint: mintSnyk,
    revoke: 'dashboard only',
  }),
  valued({
    id: 'snyk-api-token',
    issuer: 'Snyk',
    kind: 'API token, classic',
    docs: 'https://docs.snyk.io/snyk-api/authentication-for-api',
    context: ['snyk'],
    contextWithin: 60,
    pattern: '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
    maxLength: 36,
    minEntropy: 2.5,
    revoke: 'dashboard only',
  }),
]

function checkSnyk(secret: Buffer, now: number): CheckResult {
  const json = base64Json(secret.toString('latin1').split('.')[2] ?? '')
  const [expires, host] = [json?.['e'], json?.['h']]
  if (typeof expires !== 'number' || typeof host !== 'string') return failed
  return passedUntil(40, expires * 1000, now, { host: host.slice(0, 100) })
}

function mintSnyk(random: Random): string {
  const json = Buffer.from(JSON.stringify({ e: 4_102_444_800, h: 'snyk.io', j: letters(random, hex, 32) }))
  return `snyk_uat.${letters(random, hex, 8)}.${json.toString('base64url')}.${randomBytes(random, 64).toString('base64url')}`
}
