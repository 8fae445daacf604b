/** Mollie: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const mollie: readonly Detector[] = [
  prefixed({
    id: 'mollie-api-key',
    issuer: 'Mollie',
    kind: 'API key',
    docs: 'https://docs.mollie.com/reference/authentication',
    anchors: ['live_', 'test_'],
    pattern: '(?:live|test)_[A-Za-z0-9]{30}',
    maxLength: 35,
    minEntropy: 3.8,
    testMode: ['test_'],
    revoke: 'dashboard only',
  }),
]
