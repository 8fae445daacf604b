/** Databricks: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const databricks: readonly Detector[] = [
  prefixed({
    id: 'databricks-token',
    issuer: 'Databricks',
    kind: 'personal access token',
    docs: 'https://docs.databricks.com/dev-tools/auth/pat.html',
    anchors: ['dapi'],
    pattern: 'dapi[0-9a-f]{32}(?:-[0-9])?',
    maxLength: 38,
    revoke: 'POST /api/2.0/token/delete by the owner',
  }),
]
