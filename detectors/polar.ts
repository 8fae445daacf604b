/** Polar: GitHub's style behind a prefix that names the kind. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { crcBase62, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { prefixed } from './checks/shape.ts'

export const polar: readonly Detector[] = [
  prefixed({
    id: 'polar-access-token',
    issuer: 'Polar',
    kind: 'access token',
    docs: 'https://polar.sh/docs/integrate/oat',
    anchors: ['polar_'],
    pattern: 'polar_[a-z]{2,4}_[A-Za-z0-9]{43}',
    maxLength: 54,
    check: (secret) => crcCheck(crcBase62)(secret.subarray(-43)),
    mint: crcMint(crcBase62, 'polar_oat_', base62, 37),
    revoke: 'Polar revokes on a partner report; else dashboard',
  }),
]
