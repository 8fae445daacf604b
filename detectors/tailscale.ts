/** Tailscale: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const tailscale: readonly Detector[] = [
  prefixed({
    id: 'tailscale-key',
    issuer: 'Tailscale',
    kind: 'key',
    docs: 'https://tailscale.com/kb/1277/key-prefixes',
    anchors: ['tskey-'],
    pattern: 'tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{10,24}-[A-Za-z0-9]{20,40}',
    maxLength: 90,
    revoke: 'DELETE /api/v2/tailnet/-/keys/{id}',
  }),
]
