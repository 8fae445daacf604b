/** Modal: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const modal: readonly Detector[] = [
  prefixed({
    id: 'modal-token',
    issuer: 'Modal',
    kind: 'token id and secret',
    docs: 'https://modal.com/docs/reference/modal.config',
    anchors: ['ak-', 'as-'],
    pattern: 'a[ks]-[A-Za-z0-9]{22}',
    notBefore: 'A-Za-z0-9_-',
    maxLength: 25,
    minEntropy: 3.5,
    revoke: 'modal token commands by the owner',
  }),
]
