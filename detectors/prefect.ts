/** Prefect: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const prefect: readonly Detector[] = [
  prefixed({
    id: 'prefect-api-key',
    issuer: 'Prefect',
    kind: 'API key',
    docs: 'https://docs.prefect.io/v3/manage/cloud/manage-users/api-keys',
    anchors: ['pnu_', 'pnb_'],
    pattern: 'pn[ub]_[A-Za-z0-9]{36}',
    maxLength: 40,
    revoke: 'dashboard only',
  }),
]
