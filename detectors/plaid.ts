/** Plaid: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const plaid: readonly Detector[] = [
  prefixed({
    id: 'plaid-access-token',
    issuer: 'Plaid',
    kind: 'access token',
    docs: 'https://plaid.com/docs/api/tokens/',
    anchors: ['access-sandbox-', 'access-development-', 'access-production-'],
    pattern:
      'access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 55,
    testMode: ['access-sandbox-'],
    revoke: 'POST /item/remove with client id and secret',
  }),
]
