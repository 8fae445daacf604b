/** Unkey: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const unkey: readonly Detector[] = [
  prefixed({
    id: 'unkey-root-key',
    issuer: 'Unkey',
    kind: 'root key',
    docs: 'https://www.unkey.com/docs/security/root-keys',
    anchors: ['unkey_'],
    pattern: 'unkey_[1-9A-HJ-NP-Za-km-z]{20,26}',
    maxLength: 32,
    revoke: 'Unkey revokes on a partner report',
  }),
]
