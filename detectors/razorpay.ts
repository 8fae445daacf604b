/** Razorpay: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const razorpay: readonly Detector[] = [
  prefixed({
    id: 'razorpay-key',
    issuer: 'Razorpay',
    kind: 'key id',
    docs: 'https://razorpay.com/docs/api/authentication/',
    anchors: ['rzp_live_', 'rzp_test_'],
    pattern: 'rzp_(?:live|test)_[A-Za-z0-9]{14}',
    maxLength: 23,
    testMode: ['rzp_test_'],
    revoke: 'dashboard only',
  }),
]
