/** LinkedIn: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const linkedin: readonly Detector[] = [
  prefixed({
    id: 'linkedin-client-secret',
    issuer: 'LinkedIn',
    kind: 'client secret',
    docs: 'https://learn.microsoft.com/en-us/linkedin/shared/authentication/authentication',
    anchors: ['WPL_AP1.'],
    pattern: String.raw`WPL_AP1\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/]{6}={0,2}`,
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 36,
    revoke: 'dashboard only',
  }),
]
