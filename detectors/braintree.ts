/** Braintree: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const braintree: readonly Detector[] = [
  prefixed({
    id: 'braintree-access-token',
    issuer: 'Braintree',
    kind: 'access token',
    docs: 'https://developer.paypal.com/braintree/docs/guides/overview',
    anchors: ['access_token$production$'],
    pattern: String.raw`access_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}`,
    maxLength: 73,
    revoke: 'dashboard only',
  }),
]
