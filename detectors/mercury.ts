/** Mercury: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const mercury: readonly Detector[] = [
  prefixed({
    id: 'mercury-api-token',
    issuer: 'Mercury',
    kind: 'API token',
    docs: 'https://docs.mercury.com/docs/getting-started',
    anchors: ['secret-token:mercury_'],
    pattern: 'secret-token:mercury_(?:production|sandbox)_[A-Za-z0-9_]{20,120}_yrucrem',
    maxLength: 170,
    revoke: 'dashboard only',
  }),
]
