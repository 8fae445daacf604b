/** MailerSend: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const mailersend: readonly Detector[] = [
  prefixed({
    id: 'mailersend-api-token',
    issuer: 'MailerSend',
    kind: 'API token',
    docs: 'https://developers.mailersend.com/general.html#authentication',
    anchors: ['mlsn.'],
    pattern: String.raw`mlsn\.[0-9a-f]{64}`,
    maxLength: 69,
    revoke: 'dashboard only',
  }),
]
