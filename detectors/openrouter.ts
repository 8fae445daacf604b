/** OpenRouter: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const openrouter: readonly Detector[] = [
  prefixed({
    id: 'openrouter-api-key',
    issuer: 'OpenRouter',
    kind: 'API key',
    docs: 'https://openrouter.ai/docs/api-reference/authentication',
    anchors: ['sk-or-v1-'],
    pattern: 'sk-or-v1-[0-9a-f]{64}',
    maxLength: 73,
    revoke: 'OpenRouter disables on a partner report; provisioning API',
  }),
]
