/** Brevo: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const brevo: readonly Detector[] = [
  prefixed({
    id: 'brevo-api-key',
    issuer: 'Brevo',
    kind: 'API key',
    docs: 'https://developers.brevo.com/docs/getting-started',
    anchors: ['xkeysib-'],
    pattern: 'xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}',
    maxLength: 89,
    revoke: 'dashboard only',
  }),
]
