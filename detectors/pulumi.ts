/** Pulumi: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const pulumi: readonly Detector[] = [
  prefixed({
    id: 'pulumi-access-token',
    issuer: 'Pulumi',
    kind: 'access token',
    docs: 'https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/',
    anchors: ['pul-'],
    pattern: 'pul-[0-9a-f]{40}',
    maxLength: 44,
    revoke: 'DELETE /api/user/tokens/{id}',
  }),
]
