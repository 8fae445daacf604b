/** Octopus Deploy: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const octopus: readonly Detector[] = [
  prefixed({
    id: 'octopus-api-key',
    issuer: 'Octopus Deploy',
    kind: 'API key',
    docs: 'https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key',
    anchors: ['API-'],
    pattern: 'API-[A-Z0-9]{26,36}',
    maxLength: 40,
    minEntropy: 3.2,
    revoke: 'dashboard only',
  }),
]
