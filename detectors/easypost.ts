/** EasyPost: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const easypost: readonly Detector[] = [
  prefixed({
    id: 'easypost-api-key',
    issuer: 'EasyPost',
    kind: 'API key',
    docs: 'https://docs.easypost.com/docs/authentication',
    anchors: ['EZAK', 'EZTK'],
    pattern: 'EZ[AT]K[A-Za-z0-9]{54}',
    maxLength: 58,
    testMode: ['EZTK'],
    revoke: 'dashboard only',
  }),
]
