/** npm: access tokens of the public registry, in GitHub's style. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { crcBase62, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { prefixed } from './checks/shape.ts'

export const npm: readonly Detector[] = [
  prefixed({
    id: 'npm-access-token',
    issuer: 'npm',
    kind: 'granular, automation or publish token',
    docs: 'https://docs.npmjs.com/about-access-tokens',
    anchors: ['npm_'],
    pattern: 'npm_[A-Za-z0-9]{36}',
    maxLength: 40,
    check: crcCheck(crcBase62, 4),
    revoke: 'list with GET /-/npm/v1/tokens, then DELETE /-/npm/v1/tokens/token/{key}',
    mint: crcMint(crcBase62, 'npm_', base62, 30),
  }),
]
