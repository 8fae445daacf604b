/** xAI: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const xai: readonly Detector[] = [
  prefixed({
    id: 'xai-api-key',
    issuer: 'xAI',
    kind: 'API key',
    docs: 'https://docs.x.ai/docs/overview',
    anchors: ['xai-'],
    pattern: 'xai-[A-Za-z0-9]{80}',
    maxLength: 84,
    revoke: 'dashboard only',
  }),
]
