/** Salesforce: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const salesforce: readonly Detector[] = [
  prefixed({
    id: 'salesforce-session-id',
    issuer: 'Salesforce',
    kind: 'session id',
    docs: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/quickstart_oauth.htm',
    anchors: ['00D'],
    pattern: '00D[A-Za-z0-9]{12}![A-Za-z0-9._]{80,120}',
    notAfter: 'A-Za-z0-9._',
    maxLength: 140,
    revoke: 'POST /services/oauth2/revoke with the token',
  }),
]
