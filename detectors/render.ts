/** Render: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const render: readonly Detector[] = [
  prefixed({
    id: 'render-api-key',
    issuer: 'Render',
    kind: 'API key',
    docs: 'https://render.com/docs/api',
    anchors: ['rnd_'],
    pattern: 'rnd_[A-Za-z0-9]{28}',
    maxLength: 32,
    revoke: 'dashboard only',
  }),
]
