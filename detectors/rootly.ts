/** Rootly: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const rootly: readonly Detector[] = [
  prefixed({
    id: 'rootly-api-key',
    issuer: 'Rootly',
    kind: 'API key',
    docs: 'https://docs.rootly.com/api-reference/overview',
    anchors: ['rootly_'],
    pattern: 'rootly_[0-9a-f]{64}',
    maxLength: 71,
    revoke: 'dashboard only',
  }),
]
