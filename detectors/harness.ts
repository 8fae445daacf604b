/** Harness: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const harness: readonly Detector[] = [
  prefixed({
    id: 'harness-token',
    issuer: 'Harness',
    kind: 'token',
    docs: 'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/',
    anchors: ['pat.', 'sat.'],
    pattern: String.raw`(?:pat|sat)\.[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}`,
    maxLength: 72,
    revoke: 'dashboard only',
  }),
]
