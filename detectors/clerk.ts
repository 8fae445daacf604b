/** Clerk: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const clerk: readonly Detector[] = [
  prefixed({
    id: 'clerk-secret-key',
    issuer: 'Clerk',
    kind: 'secret key',
    docs: 'https://clerk.com/docs/guides/development/clerk-environment-variables',
    anchors: ['sk_live_', 'sk_test_'],
    pattern: 'sk_(?:live|test)_[A-Za-z0-9]{42}',
    maxLength: 50,
    testMode: ['sk_test_'],
    revoke: 'dashboard only',
  }),
]
