/** SaladCloud: GitHub's style behind a long prefix. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { crcBase62, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { prefixed } from './checks/shape.ts'

export const saladcloud: readonly Detector[] = [
  prefixed({
    id: 'saladcloud-api-key',
    issuer: 'SaladCloud',
    kind: 'API key',
    docs: 'https://docs.salad.com/reference/api-usage',
    anchors: ['salad_cloud_'],
    pattern: 'salad_cloud_(?:user|org)_[A-Za-z0-9]{49}',
    maxLength: 66,
    check: (secret) => crcCheck(crcBase62)(secret.subarray(-49)),
    mint: crcMint(crcBase62, 'salad_cloud_user_', base62, 43),
    revoke: 'dashboard only',
  }),
]
