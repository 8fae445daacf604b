/** Apify: a CRC-32 in base62, small letters first, over the prefix too. */
import type { Detector } from '../src/model/detector.ts'
import { base62, digits, encodeNumber, lower, upper } from './checks/alphabets.ts'
import { type CrcForm, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { prefixed } from './checks/shape.ts'

const form: CrcForm = {
  write: (crc) => encodeNumber(crc, digits + lower + upper, 6),
  width: 6,
  over: 'all',
}

export const apify: readonly Detector[] = [
  prefixed({
    id: 'apify-api-token',
    issuer: 'Apify',
    kind: 'API token',
    docs: 'https://docs.apify.com/platform/integrations/api',
    anchors: ['apify_api_'],
    pattern: 'apify_api_[A-Za-z0-9]{36}',
    maxLength: 46,
    check: crcCheck(form),
    mint: crcMint(form, 'apify_api_', base62, 30),
    revoke: 'dashboard only',
  }),
]
