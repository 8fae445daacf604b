/** Trigger.dev: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const triggerDev: readonly Detector[] = [
  prefixed({
    id: 'trigger-dev-secret-key',
    issuer: 'Trigger.dev',
    kind: 'secret key',
    docs: 'https://trigger.dev/docs/apikeys',
    anchors: ['tr_dev_', 'tr_prod_', 'tr_stg_', 'tr_preview_'],
    pattern: 'tr_(?:dev|prod|stg|preview)_[A-Za-z0-9]{20,24}',
    maxLength: 35,
    revoke: 'dashboard only',
  }),
]
