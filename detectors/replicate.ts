/** Replicate: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const replicate: readonly Detector[] = [
  prefixed({
    id: 'replicate-api-token',
    issuer: 'Replicate',
    kind: 'API token',
    docs: 'https://replicate.com/docs/topics/security/api-tokens',
    anchors: ['r8_'],
    pattern: 'r8_[A-Za-z0-9]{37}',
    maxLength: 40,
    revoke: 'Replicate disables on a partner report; else dashboard',
  }),
]
