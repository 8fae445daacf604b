/** Neon: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const neon: readonly Detector[] = [
  prefixed({
    id: 'neon-api-key',
    issuer: 'Neon',
    kind: 'API key',
    docs: 'https://neon.tech/docs/manage/api-keys',
    anchors: ['napi_'],
    pattern: 'napi_[a-z0-9]{64}',
    maxLength: 69,
    revoke: 'DELETE https://console.neon.tech/api/v2/api_keys/{id}',
  }),
]
