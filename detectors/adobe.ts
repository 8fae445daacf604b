/** Adobe: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const adobe: readonly Detector[] = [
  prefixed({
    id: 'adobe-client-secret',
    issuer: 'Adobe',
    kind: 'client secret',
    docs: 'https://developer.adobe.com/developer-console/docs/guides/authentication/',
    anchors: ['p8e-'],
    pattern: 'p8e-[A-Za-z0-9_-]{32}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 36,
    revoke: 'dashboard only',
  }),
]
