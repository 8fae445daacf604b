/** Paddle: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const paddle: readonly Detector[] = [
  prefixed({
    id: 'paddle-api-key',
    issuer: 'Paddle',
    kind: 'API key',
    docs: 'https://developer.paddle.com/api-reference/about/api-keys',
    anchors: ['pdl_live_apikey_', 'pdl_sdbx_apikey_'],
    pattern: 'pdl_(?:live|sdbx)_apikey_[0-9a-z]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}',
    maxLength: 69,
    testMode: ['pdl_sdbx_'],
    revoke: 'dashboard only',
  }),
]
