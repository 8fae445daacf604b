/** Resend: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const resend: readonly Detector[] = [
  prefixed({
    id: 'resend-api-key',
    issuer: 'Resend',
    kind: 'API key',
    docs: 'https://resend.com/docs/dashboard/api-keys/introduction',
    anchors: ['re_'],
    pattern: 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}',
    maxLength: 36,
    minEntropy: 3.5,
    revoke: 'DELETE https://api.resend.com/api-keys/{id}',
  }),
]
