/** Mistral: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { valued } from './checks/shape.ts'

export const mistral: readonly Detector[] = [
  valued({
    id: 'mistral-api-key',
    issuer: 'Mistral',
    kind: 'API key',
    docs: 'https://docs.mistral.ai/getting-started/quickstart/',
    context: ['mistral'],
    contextWithin: 60,
    pattern: '[A-Za-z0-9]{32}',
    maxLength: 32,
    minEntropy: 3.5,
    revoke: 'dashboard only',
  }),
]
