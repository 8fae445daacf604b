/** Auth0: no fixed form, so only beside its name. */
import type { Detector } from '../src/model/detector.ts'
import { valued } from './checks/shape.ts'

export const auth0: readonly Detector[] = [
  valued({
    id: 'auth0-client-secret',
    issuer: 'Auth0',
    kind: 'client secret',
    docs: 'https://auth0.com/docs/get-started/applications/rotate-client-secret',
    context: ['auth0'],
    pattern: '[A-Za-z0-9_-]{64}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 64,
    minEntropy: 4.5,
    revoke: 'rotate by the Management API',
  }),
]
