/** Inngest: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const inngest: readonly Detector[] = [
  prefixed({
    id: 'inngest-signing-key',
    issuer: 'Inngest',
    kind: 'signing key',
    docs: 'https://www.inngest.com/docs/platform/signing-keys',
    anchors: ['signkey-'],
    pattern: 'signkey-(?:prod|test|branch|dev)-[0-9a-f]{64}',
    maxLength: 80,
    revoke: 'rotate in the dashboard',
  }),
]
