/** Typeform: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const typeform: readonly Detector[] = [
  prefixed({
    id: 'typeform-pat',
    issuer: 'Typeform',
    kind: 'personal access token',
    docs: 'https://www.typeform.com/developers/get-started/personal-access-token/',
    anchors: ['tfp_'],
    pattern: 'tfp_[A-Za-z0-9_-]{44}_[A-Za-z0-9_-]{14}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 63,
    revoke: 'dashboard only',
  }),
]
