/** E2B: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const e2b: readonly Detector[] = [
  prefixed({
    id: 'e2b-api-key',
    issuer: 'E2B',
    kind: 'API key',
    docs: 'https://e2b.dev/docs/api-key',
    anchors: ['e2b_'],
    pattern: 'e2b_[0-9a-f]{40}',
    maxLength: 44,
    revoke: 'API delete by team',
  }),
]
