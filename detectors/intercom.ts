/** Intercom: base64 of a few words around a version-4 UUID. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid4 } from './checks/uuid.ts'

export const intercom: readonly Detector[] = [
  prefixed({
    id: 'intercom-access-token',
    issuer: 'Intercom',
    kind: 'access token',
    docs: 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication',
    anchors: ['dG9rO'],
    pattern: 'dG9rO[A-Za-z0-9+/]{50,55}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 62,
    checkKind: 'structure',
    check: checkToken,
    mint: (random) => Buffer.from(`tok:${uuid4(random).replaceAll('-', '_')}:1:0`).toString('base64'),
    revoke: 'dashboard only',
  }),
]

function checkToken(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  const id = /^tok:([0-9a-f_]{36}):1:0$/.exec(bytes?.toString('latin1') ?? '')?.[1]
  return verdict(id !== undefined && isUuid4(id.replaceAll('_', '-')), 60)
}
