/** MongoDB: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const mongodb: readonly Detector[] = [
  prefixed({
    id: 'mongodb-atlas-service-account-secret',
    issuer: 'MongoDB',
    kind: 'Atlas service account secret',
    docs: 'https://www.mongodb.com/docs/atlas/api/service-accounts-overview/',
    anchors: ['mdb_sa_sk_'],
    pattern: 'mdb_sa_sk_[A-Za-z0-9_-]{40}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 50,
    revoke: 'Atlas Admin API delete secret',
  }),
]
