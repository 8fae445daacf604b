/** Linear: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const linear: readonly Detector[] = [
  prefixed({
    id: 'linear-api-key',
    issuer: 'Linear',
    kind: 'API key',
    docs: 'https://linear.app/developers',
    anchors: ['lin_api_'],
    pattern: 'lin_api_[A-Za-z0-9]{40}',
    maxLength: 48,
    revoke: 'Linear revokes on a partner report; else dashboard',
  }),
]
