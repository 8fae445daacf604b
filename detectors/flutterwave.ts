/** Flutterwave: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const flutterwave: readonly Detector[] = [
  prefixed({
    id: 'flutterwave-secret-key',
    issuer: 'Flutterwave',
    kind: 'secret key',
    docs: 'https://developer.flutterwave.com/docs/authentication',
    anchors: ['FLWSECK'],
    pattern: 'FLWSECK(?:_TEST)?-[A-Za-z0-9]{32}-X',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 47,
    testMode: ['FLWSECK_TEST'],
    revoke: 'dashboard only',
  }),
]
