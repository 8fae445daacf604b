/** Duffel: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const duffel: readonly Detector[] = [
  prefixed({
    id: 'duffel-api-token',
    issuer: 'Duffel',
    kind: 'API token',
    docs: 'https://duffel.com/docs/guides/getting-started-with-flights',
    anchors: ['duffel_live_', 'duffel_test_'],
    pattern: 'duffel_(?:live|test)_[A-Za-z0-9_=-]{43}',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 55,
    testMode: ['duffel_test_'],
    revoke: 'dashboard only',
  }),
]
