/** PayPal: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { valued } from './checks/shape.ts'

export const paypal: readonly Detector[] = [
  valued({
    id: 'paypal-client-secret',
    issuer: 'PayPal',
    kind: 'client secret',
    docs: 'https://developer.paypal.com/api/rest/',
    context: ['paypal'],
    pattern: 'E[A-Za-z0-9_-]{79}',
    notAfter: 'A-Za-z0-9_-',
    contextWithin: 60,
    maxLength: 80,
    minEntropy: 4.2,
    revoke: 'dashboard only',
  }),
]
