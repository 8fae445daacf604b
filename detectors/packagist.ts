/** Private Packagist: hex with a CRC-32 over all before it. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { crcCheck, crcHexOverAll, crcMint } from './checks/crc-tokens.ts'
import { oneOf } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const packagist: readonly Detector[] = [
  prefixed({
    id: 'packagist-api-key',
    issuer: 'Private Packagist',
    kind: 'API key',
    docs: 'https://packagist.com/docs/api',
    anchors: ['packagist_ack_'],
    pattern: 'packagist_ack_[0-9a-f]{28}',
    maxLength: 42,
    check: crcCheck(crcHexOverAll),
    mint: crcMint(crcHexOverAll, 'packagist_ack_', hex, 20),
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'packagist-token',
    issuer: 'Private Packagist',
    kind: 'token of an organisation, a user or the conductor',
    docs: 'https://packagist.com/docs/api',
    anchors: ['packagist_ort_', 'packagist_out_', 'packagist_uut_', 'packagist_cut_'],
    pattern: 'packagist_(?:ort|out|uut|cut)_[0-9a-f]{68}',
    maxLength: 82,
    check: crcCheck(crcHexOverAll),
    mint: (random) =>
      crcMint(crcHexOverAll, `packagist_${oneOf(random, ['ort', 'out', 'uut', 'cut'])}_`, hex, 60)(random),
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'packagist-api-secret',
    issuer: 'Private Packagist',
    kind: 'API secret',
    docs: 'https://packagist.com/docs/api',
    anchors: ['packagist_acs_'],
    pattern: 'packagist_acs_[0-9a-f]{72}',
    maxLength: 86,
    check: softCheck,
    mint: crcMint(crcHexOverAll, 'packagist_acs_', hex, 64),
    revoke: 'dashboard only',
  }),
]

/** The one public sample of the secret was altered and fails, so a miss proves nothing. */
function softCheck(secret: Buffer): CheckResult {
  const result = crcCheck(crcHexOverAll)(secret)
  return result.outcome === 'failed' ? { ...result, soft: true } : result
}
