/** Sentry: organisation tokens are base64 JSON and 32 bytes; user tokens are hex. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base64Json, strictBase64 } from './checks/base64.ts'
import { failed, passed } from './checks/outcome.ts'
import { between, type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

const docs = 'https://docs.sentry.io/account/auth-tokens/'

export const sentry: readonly Detector[] = [
  prefixed({
    id: 'sentry-org-token',
    issuer: 'Sentry',
    kind: 'organisation token',
    docs,
    anchors: ['sntrys_eyJ'],
    pattern: 'sntrys_eyJ[A-Za-z0-9+/=_-]{20,400}_[A-Za-z0-9+/]{43}',
    notAfter: 'A-Za-z0-9+/=_',
    maxLength: 460,
    checkKind: 'structure',
    check: checkOrganisation,
    revoke: 'dashboard only',
    mint: mintOrganisation,
  }),
  prefixed({
    id: 'sentry-user-token',
    issuer: 'Sentry',
    kind: 'user token',
    docs,
    anchors: ['sntryu_'],
    pattern: 'sntryu_[0-9a-f]{64}',
    maxLength: 71,
    revoke: 'dashboard only',
  }),
]

function checkOrganisation(secret: Buffer): CheckResult {
  const text = secret.toString('latin1', 7)
  const cut = text.lastIndexOf('_')
  const json = base64Json(text.slice(0, cut), { alphabet: 'standard', padding: 'any' })
  const tail = strictBase64(text.slice(cut + 1), { alphabet: 'standard' })
  if (!json || tail?.length !== 32) return failed
  if (typeof json['iat'] !== 'number' || typeof json['region_url'] !== 'string') return failed
  const organisation = json['org']
  return passed(40, typeof organisation === 'string' ? { organisation: organisation.slice(0, 100) } : {})
}

function mintOrganisation(random: Random): string {
  const issued = between(random, 1_700_000_000, 1_790_000_000)
  const json = {
    iat: issued + 0.5,
    url: 'https://sentry.io',
    region_url: 'https://us.sentry.io',
    org: 'harbour',
  }
  const head = Buffer.from(JSON.stringify(json)).toString('base64')
  return `sntrys_${head}_${randomBytes(random, 32).toString('base64').replace(/=+$/, '')}`
}
