/** Mailgun: no fixed form, so only beside its name. */
import type { Detector } from '../src/model/detector.ts'
import { valued } from './checks/shape.ts'

export const mailgun: readonly Detector[] = [
  valued({
    id: 'mailgun-api-key',
    issuer: 'Mailgun',
    kind: 'API key',
    docs: 'https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt',
    context: ['mailgun'],
    pattern: '(?:key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 50,
    minEntropy: 3,
    revoke: 'DELETE /v1/keys/{id}',
  }),
]
