/** NVIDIA: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const nvidia: readonly Detector[] = [
  prefixed({
    id: 'nvidia-api-key',
    issuer: 'NVIDIA',
    kind: 'NIM / NGC',
    docs: 'https://docs.nvidia.com/ngc/latest/ngc-user-guide.html',
    anchors: ['nvapi-'],
    pattern: 'nvapi-[A-Za-z0-9_-]{60,70}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 76,
    revoke: 'dashboard only',
  }),
]
