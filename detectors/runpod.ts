/** RunPod: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const runpod: readonly Detector[] = [
  prefixed({
    id: 'runpod-api-key',
    issuer: 'RunPod',
    kind: 'API key',
    docs: 'https://docs.runpod.io/get-started/api-keys',
    anchors: ['rpa_'],
    pattern: 'rpa_[A-Z0-9]{40}[a-z0-9]{6}',
    maxLength: 50,
    revoke: 'dashboard only',
  }),
]
