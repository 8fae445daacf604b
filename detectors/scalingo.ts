/** Scalingo: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const scalingo: readonly Detector[] = [
  prefixed({
    id: 'scalingo-api-token',
    issuer: 'Scalingo',
    kind: 'API token',
    docs: 'https://developers.scalingo.com/tokens',
    anchors: ['tk-us-'],
    pattern: 'tk-us-[A-Za-z0-9_-]{48}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 54,
    revoke: 'dashboard only',
  }),
]
