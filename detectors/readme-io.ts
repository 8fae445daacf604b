/** ReadMe: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const readmeIo: readonly Detector[] = [
  prefixed({
    id: 'readme-api-key',
    issuer: 'ReadMe',
    kind: 'API key',
    docs: 'https://docs.readme.com/main/reference/authentication',
    anchors: ['rdme_'],
    pattern: 'rdme_[a-z0-9]{70}',
    maxLength: 75,
    revoke: 'dashboard only',
  }),
]
