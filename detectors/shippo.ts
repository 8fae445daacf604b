/** Shippo: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const shippo: readonly Detector[] = [
  prefixed({
    id: 'shippo-token',
    issuer: 'Shippo',
    kind: 'API token',
    docs: 'https://docs.goshippo.com/docs/guides_general/authentication/',
    anchors: ['shippo_live_', 'shippo_test_'],
    pattern: 'shippo_(?:live|test)_[0-9a-f]{40}',
    maxLength: 52,
    testMode: ['shippo_test_'],
    revoke: 'dashboard only',
  }),
]
