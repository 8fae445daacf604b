/** Frame.io: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const frameIo: readonly Detector[] = [
  prefixed({
    id: 'frameio-api-token',
    issuer: 'Frame.io',
    kind: 'API token',
    docs: 'https://developer.frame.io/docs/getting-started/authentication',
    anchors: ['fio-u-'],
    pattern: 'fio-u-[A-Za-z0-9_=-]{64}',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 70,
    revoke: 'dashboard only',
  }),
]
