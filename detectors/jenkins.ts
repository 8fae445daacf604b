/** Jenkins: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { valued } from './checks/shape.ts'

export const jenkins: readonly Detector[] = [
  valued({
    id: 'jenkins-api-token',
    issuer: 'Jenkins',
    kind: 'API token',
    docs: 'https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/',
    context: ['jenkins'],
    contextWithin: 60,
    pattern: '11[0-9a-f]{32}',
    maxLength: 34,
    minEntropy: 2.8,
    revoke: 'user configuration page',
  }),
]
