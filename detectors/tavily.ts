/** Tavily: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const tavily: readonly Detector[] = [
  prefixed({
    id: 'tavily-api-key',
    issuer: 'Tavily',
    kind: 'API key',
    docs: 'https://docs.tavily.com/documentation/api-reference/introduction',
    anchors: ['tvly-'],
    pattern: 'tvly-(?:dev-)?[A-Za-z0-9]{32}',
    maxLength: 41,
    revoke: 'dashboard only',
  }),
]
