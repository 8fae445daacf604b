/** Lob: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const lob: readonly Detector[] = [
  prefixed({
    id: 'lob-api-key',
    issuer: 'Lob',
    kind: 'API key',
    docs: 'https://docs.lob.com/#tag/Authentication',
    anchors: ['live_', 'test_'],
    pattern: '(?:live|test)_[0-9a-f]{35}',
    maxLength: 40,
    minEntropy: 3,
    testMode: ['test_'],
    revoke: 'dashboard only',
  }),
]
