/** Portainer: 32 bytes behind a prefix. */
import type { Detector } from '../src/model/detector.ts'
import { bytesCheck } from './checks/bytes.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const portainer: readonly Detector[] = [
  prefixed({
    id: 'portainer-access-token',
    issuer: 'Portainer',
    kind: 'access token',
    docs: 'https://docs.portainer.io/api/access',
    anchors: ['ptr_'],
    pattern: 'ptr_[A-Za-z0-9+/]{43}=',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 48,
    checkKind: 'structure',
    check: bytesCheck(4, [32], { alphabet: 'standard', padding: 'full' }),
    mint: (random) => `ptr_${randomBytes(random, 32).toString('base64')}`,
    revoke: 'DELETE /api/users/{id}/tokens/{id}',
  }),
]
