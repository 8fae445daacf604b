/** Square: secrets of 32 bytes, and tokens known by their prefix. */
import type { Detector } from '../src/model/detector.ts'
import { bytesCheck, bytesMint } from './checks/bytes.ts'
import { prefixed } from './checks/shape.ts'

export const square: readonly Detector[] = [
  prefixed({
    id: 'square-access-token',
    issuer: 'Square',
    kind: 'access token',
    docs: 'https://developer.squareup.com/docs/build-basics/access-tokens',
    anchors: ['EAAA'],
    pattern: 'EAAA[A-Za-z0-9_-]{60}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 64,
    minEntropy: 4,
    revoke: 'POST /oauth2/revoke with the application secret',
  }),
  prefixed({
    id: 'square-oauth-secret',
    issuer: 'Square',
    kind: 'application secret',
    docs: 'https://developer.squareup.com/docs/build-basics/access-tokens',
    anchors: ['sq0csp-'],
    pattern: 'sq0csp-[A-Za-z0-9_-]{43}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 50,
    checkKind: 'structure',
    check: bytesCheck(7, [32]),
    mint: bytesMint('sq0csp-', 32),
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'square-access-token-legacy',
    issuer: 'Square',
    kind: 'personal access token, old form',
    docs: 'https://developer.squareup.com/docs/build-basics/access-tokens',
    anchors: ['sq0atp-'],
    pattern: 'sq0atp-[A-Za-z0-9_-]{22}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 29,
    revoke: 'dashboard only',
  }),
]
