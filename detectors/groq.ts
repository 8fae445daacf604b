/** Groq: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const groq: readonly Detector[] = [
  prefixed({
    id: 'groq-api-key',
    issuer: 'Groq',
    kind: 'API key',
    docs: 'https://console.groq.com/docs/quickstart',
    anchors: ['gsk_'],
    pattern: 'gsk_[A-Za-z0-9]{20}WGdyb3FY[A-Za-z0-9]{24}',
    maxLength: 56,
    revoke: 'dashboard only',
  }),
]
