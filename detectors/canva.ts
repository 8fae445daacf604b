/** Canva: a CRC-32 over everything before it, in hex. */
import type { Detector } from '../src/model/detector.ts'
import { base64url } from './checks/alphabets.ts'
import { crcCheck, crcHexOverAll, crcMint } from './checks/crc-tokens.ts'
import { prefixed } from './checks/shape.ts'

export const canva: readonly Detector[] = [
  prefixed({
    id: 'canva-client-secret',
    issuer: 'Canva',
    kind: 'Connect client secret',
    docs: 'https://www.canva.dev/docs/connect/authentication/',
    anchors: ['cnvca'],
    pattern: 'cnvca[A-Za-z0-9_-]{43}[0-9a-f]{8}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 56,
    check: crcCheck(crcHexOverAll),
    mint: crcMint(crcHexOverAll, 'cnvca', base64url, 43),
    revoke: 'dashboard only',
  }),
]
