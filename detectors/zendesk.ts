/** Zendesk: no fixed form, so only beside its name. */
import type { Detector } from '../src/model/detector.ts'
import { valued } from './checks/shape.ts'

export const zendesk: readonly Detector[] = [
  valued({
    id: 'zendesk-api-token',
    issuer: 'Zendesk',
    kind: 'API token',
    docs: 'https://developer.zendesk.com/api-reference/introduction/security-and-auth/',
    context: ['zendesk'],
    pattern: '[A-Za-z0-9]{40}',
    contextWithin: 60,
    maxLength: 40,
    minEntropy: 4,
    revoke: 'dashboard only',
  }),
]
