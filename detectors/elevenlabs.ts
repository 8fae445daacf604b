/** ElevenLabs: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const elevenlabs: readonly Detector[] = [
  prefixed({
    id: 'elevenlabs-api-key',
    issuer: 'ElevenLabs',
    kind: 'API key',
    docs: 'https://elevenlabs.io/docs/api-reference/authentication',
    anchors: ['sk_'],
    pattern: 'sk_[0-9a-f]{48}',
    maxLength: 51,
    revoke: 'dashboard only',
  }),
]
