/** CockroachDB: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const cockroach: readonly Detector[] = [
  prefixed({
    id: 'cockroach-api-key',
    issuer: 'CockroachDB',
    kind: 'Cloud key',
    docs: 'https://www.cockroachlabs.com/docs/cockroachcloud/managing-access',
    anchors: ['CCDB1_'],
    pattern: 'CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}',
    maxLength: 69,
    revoke: 'dashboard only',
  }),
]
