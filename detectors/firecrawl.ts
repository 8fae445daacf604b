/** Firecrawl: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const firecrawl: readonly Detector[] = [
  prefixed({
    id: 'firecrawl-api-key',
    issuer: 'Firecrawl',
    kind: 'API key',
    docs: 'https://docs.firecrawl.dev/api-reference/introduction',
    anchors: ['fc-'],
    pattern: 'fc-[0-9a-f]{32}',
    maxLength: 35,
    revoke: 'dashboard only',
  }),
]
