/** Okta: no fixed form, so only beside its name. */
import type { Detector } from '../src/model/detector.ts'
import { valued } from './checks/shape.ts'

export const okta: readonly Detector[] = [
  valued({
    id: 'okta-api-token',
    issuer: 'Okta',
    kind: 'API token',
    docs: 'https://developer.okta.com/docs/guides/create-an-api-token/main/',
    context: ['okta', 'ssws'],
    pattern: '00[A-Za-z0-9_-]{40}',
    notAfter: 'A-Za-z0-9_-',
    contextWithin: 60,
    maxLength: 42,
    minEntropy: 4,
    revoke: 'DELETE /api/v1/api-tokens/current with the token itself',
  }),
]
