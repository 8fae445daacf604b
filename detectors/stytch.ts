/** Stytch: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const stytch: readonly Detector[] = [
  prefixed({
    id: 'stytch-secret',
    issuer: 'Stytch',
    kind: 'project secret',
    docs: 'https://stytch.com/docs/workspace-management/overview',
    anchors: ['secret-live-', 'secret-test-'],
    pattern: 'secret-(?:live|test)-[A-Za-z0-9_-]{46,48}=',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 62,
    testMode: ['secret-test-'],
    revoke: 'dashboard only',
  }),
]
