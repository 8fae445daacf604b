/** Cerebras: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const cerebras: readonly Detector[] = [
  prefixed({
    id: 'cerebras-api-key',
    issuer: 'Cerebras',
    kind: 'API key',
    docs: 'https://inference-docs.cerebras.ai/quickstart',
    anchors: ['csk-'],
    pattern: 'csk-[a-z0-9]{48}',
    maxLength: 52,
    revoke: 'dashboard only',
  }),
]
