/** Confluent: CRC-32 in base64 of its little-endian bytes. */
import type { Detector } from '../src/model/detector.ts'
import { base64 } from './checks/alphabets.ts'
import { littleEndian } from './checks/crc.ts'
import { type CrcForm, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { prefixed } from './checks/shape.ts'

export const confluent: readonly Detector[] = [
  prefixed({
    id: 'confluent-api-secret',
    issuer: 'Confluent',
    kind: 'Cloud API secret',
    docs: 'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html',
    anchors: ['cflt'],
    pattern: 'cflt[A-Za-z0-9+/]{60}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 64,
    check: crcCheck(sum(), 4),
    mint: crcMint(sum(), 'cflt', base64, 54),
    revoke: 'DELETE https://api.confluent.cloud/iam/v2/api-keys/{id} with another key',
  }),
]

function sum(): CrcForm {
  return { write: (crc) => littleEndian(crc).toString('base64').slice(0, 6), width: 6, over: 'body' }
}
