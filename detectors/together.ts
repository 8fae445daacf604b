/** Together AI: 32 bytes in base64url. */
import type { Detector } from '../src/model/detector.ts'
import { bytesCheck, bytesMint } from './checks/bytes.ts'
import { prefixed } from './checks/shape.ts'

export const together: readonly Detector[] = [
  prefixed({
    id: 'together-api-key',
    issuer: 'Together AI',
    kind: 'API key',
    docs: 'https://docs.together.ai/docs/quickstart',
    anchors: ['tgp_v1_'],
    pattern: 'tgp_v1_[A-Za-z0-9_-]{43}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 50,
    checkKind: 'structure',
    check: bytesCheck(7, [32]),
    mint: bytesMint('tgp_v1_', 32),
    revoke: 'dashboard only',
  }),
]
