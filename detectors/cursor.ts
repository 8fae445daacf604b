/** Cursor: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const cursor: readonly Detector[] = [
  prefixed({
    id: 'cursor-api-key',
    issuer: 'Cursor',
    kind: 'API key',
    docs: 'https://docs.cursor.com/en/account/teams/admin-api',
    anchors: ['key_'],
    pattern: 'key_[0-9a-f]{64}',
    maxLength: 68,
    revoke: 'dashboard only',
  }),
]
