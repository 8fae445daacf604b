/** Deno Deploy: CRC-32 over all before it, prefix included. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { crcBase62OverAll, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { prefixed } from './checks/shape.ts'

export const deno: readonly Detector[] = [
  prefixed({
    id: 'deno-deploy-token',
    issuer: 'Deno Deploy',
    kind: 'token',
    docs: 'https://docs.deno.com/deploy/',
    anchors: ['ddp_', 'ddo_'],
    pattern: 'dd[op]_[A-Za-z0-9]{36}',
    maxLength: 40,
    check: crcCheck(crcBase62OverAll),
    mint: crcMint(crcBase62OverAll, 'ddp_', base62, 30),
    revoke: 'dashboard only',
  }),
]
