/** Cloudsmith: the last six look like a sum, but none is known. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const cloudsmith: readonly Detector[] = [
  prefixed({
    id: 'cloudsmith-api-key',
    issuer: 'Cloudsmith',
    kind: 'API key',
    docs: 'https://help.cloudsmith.io/docs/api-key',
    anchors: ['csa_'],
    pattern: 'csa_[0-9a-f]{30}[A-Za-z0-9]{6}',
    maxLength: 40,
    revoke: 'dashboard only',
  }),
]
