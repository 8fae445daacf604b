/** Honeycomb: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const honeycomb: readonly Detector[] = [
  prefixed({
    id: 'honeycomb-ingest-key',
    issuer: 'Honeycomb',
    kind: 'ingest key',
    docs: 'https://docs.honeycomb.io/configure/environments/manage-api-keys/',
    anchors: ['hcaik_'],
    pattern: 'hcaik_[a-z0-9]{58}',
    maxLength: 64,
    revoke: 'dashboard only',
  }),
]
