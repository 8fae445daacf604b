/** Contentful: 32 bytes in base64url. */
import type { Detector } from '../src/model/detector.ts'
import { bytesCheck, bytesMint } from './checks/bytes.ts'
import { prefixed } from './checks/shape.ts'

export const contentful: readonly Detector[] = [
  prefixed({
    id: 'contentful-management-token',
    issuer: 'Contentful',
    kind: 'management token',
    docs: 'https://www.contentful.com/developers/docs/references/authentication/',
    anchors: ['CFPAT-'],
    pattern: 'CFPAT-[A-Za-z0-9_-]{43}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 49,
    checkKind: 'structure',
    check: bytesCheck(6, [32]),
    mint: bytesMint('CFPAT-', 32),
    revoke: 'PUT /users/me/access_tokens/{id}/revoked',
  }),
]
