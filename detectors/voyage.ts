/** Voyage AI: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const voyage: readonly Detector[] = [
  prefixed({
    id: 'voyage-api-key',
    issuer: 'Voyage AI',
    kind: 'API key',
    docs: 'https://docs.voyageai.com/docs/api-key-and-installation',
    anchors: ['pa-'],
    pattern: 'pa-[A-Za-z0-9_-]{43}',
    notAfter: 'A-Za-z0-9_-',
    notBefore: 'A-Za-z0-9_-',
    maxLength: 46,
    minEntropy: 4,
    revoke: 'dashboard only',
  }),
]
