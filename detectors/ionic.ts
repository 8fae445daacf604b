/** Ionic: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const ionic: readonly Detector[] = [
  prefixed({
    id: 'ionic-api-token',
    issuer: 'Ionic',
    kind: 'token',
    docs: 'https://ionic.io/docs/appflow/cli/authentication',
    anchors: ['ion_'],
    pattern: 'ion_[a-z0-9]{42}',
    maxLength: 46,
    revoke: 'dashboard only',
  }),
]
