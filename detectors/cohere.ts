/** Cohere: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { valued } from './checks/shape.ts'

export const cohere: readonly Detector[] = [
  valued({
    id: 'cohere-api-key',
    issuer: 'Cohere',
    kind: 'API key',
    docs: 'https://docs.cohere.com/reference/about',
    context: ['cohere', 'co_api_key'],
    contextWithin: 60,
    pattern: '[A-Za-z0-9]{40}',
    maxLength: 40,
    minEntropy: 3.8,
    revoke: 'dashboard only',
  }),
]
