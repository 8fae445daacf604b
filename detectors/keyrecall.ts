/** Our own access, refresh and personal tokens: `kr_<kind>_`, 30 of base62, and their CRC-32 in base62. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { crcBase62, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { oneOf } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const keyrecall: readonly Detector[] = [
  prefixed({
    id: 'keyrecall-token',
    issuer: 'keyrecall',
    kind: 'API token',
    docs: 'https://github.com/keyrecall/keyrecall#tokens',
    anchors: ['kr_'],
    pattern: 'kr_[a-z]{2,8}_[A-Za-z0-9]{36}',
    maxLength: 48,
    check: (secret: Buffer): CheckResult => crcCheck(crcBase62)(secret.subarray(-36)),
    revoke: 'keyrecall tokens revoke',
    mint: (random) => crcMint(crcBase62, `kr_${oneOf(random, ['pat', 'at', 'rt'])}_`, base62, 30)(random),
  }),
]
