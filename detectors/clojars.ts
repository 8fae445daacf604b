/** Clojars: a prefix and 60 letters and digits. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const clojars: readonly Detector[] = [
  prefixed({
    id: 'clojars-deploy-token',
    issuer: 'Clojars',
    kind: 'deploy token',
    docs: 'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens',
    anchors: ['CLOJARS_'],
    pattern: 'CLOJARS_[A-Za-z0-9]{60}',
    maxLength: 68,
    revoke: 'dashboard only',
  }),
]
