/** Sonatype: no fixed form, so only beside its name. */
import type { Detector } from '../src/model/detector.ts'

import { sample } from './checks/sample.ts'
import { prefixed } from './checks/shape.ts'

export const sonatype: readonly Detector[] = [
  prefixed({
    id: 'sonatype-user-token',
    issuer: 'Sonatype',
    kind: 'user token',
    docs: 'https://help.sonatype.com/en/user-tokens.html',
    anchors: ['nexus', 'sonatype', 'Nexus', 'NEXUS', 'SONATYPE', 'Sonatype'],
    gate: 'words',
    pattern: String.raw`(?i:nexus|sonatype)[^\n]{0,40}?([A-Za-z0-9]{8}:[A-Za-z0-9+/]{44})`,
    notAfter: 'A-Za-z0-9+/=',
    notBefore: 'A-Za-z0-9',
    maxLength: 221,
    mint: (random) => `nexus = ${sample('[A-Za-z0-9]{8}:[A-Za-z0-9+/]{44}', random)}`,
    revoke: 'dashboard only',
  }),
]
