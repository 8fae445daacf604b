/** PASERK: keys of PASETO; a secret key of versions 2 and 4 has its public half with it. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { notApplicable, verdict } from './checks/outcome.ts'
import { isEd25519Pair, mintEd25519Pair } from './checks/private-key.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const paserk: readonly Detector[] = [
  prefixed({
    id: 'paserk-secret-key',
    issuer: 'key material',
    kind: 'PASETO key (PASERK)',
    docs: 'https://github.com/paseto-standard/paserk',
    anchors: [
      'k1.secret.',
      'k1.local.',
      'k2.secret.',
      'k2.local.',
      'k3.secret.',
      'k3.local.',
      'k4.secret.',
      'k4.local.',
    ],
    pattern: String.raw`k[1-4]\.(?:secret|local)\.[A-Za-z0-9_-]{43,86}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 96,
    check: checkKey,
    mint: (random) => `k4.secret.${mintEd25519Pair(randomBytes(random, 32)).toString('base64url')}`,
    revoke: 'replace the key',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  const [version = '', purpose, data = ''] = secret.toString('latin1').split('.')
  const bytes = strictBase64(data)
  if (purpose === 'local') return verdict(bytes?.length === 32, 2)
  if (version === 'k3') return verdict(bytes?.length === 48, 2)
  return version === 'k1' ? notApplicable : verdict(isEd25519Pair(bytes), 60)
}
