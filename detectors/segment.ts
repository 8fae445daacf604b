/** Segment: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const segment: readonly Detector[] = [
  prefixed({
    id: 'segment-public-api-token',
    issuer: 'Segment',
    kind: 'Public API token',
    docs: 'https://segment.com/docs/api/public-api/',
    anchors: ['sgp_'],
    pattern: 'sgp_[A-Za-z0-9]{64}',
    maxLength: 68,
    revoke: 'Segment revokes on a partner report',
  }),
]
