/** LINE: 128 bytes, of which the last 16 are the same in every token. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, verdict } from './checks/outcome.ts'
import { randomBytes } from './checks/random.ts'
import { inside } from './checks/shape.ts'

export const line: readonly Detector[] = [
  inside(
    {
      id: 'line-channel-access-token',
      issuer: 'LINE',
      kind: 'channel access token',
      docs: 'https://developers.line.biz/en/docs/basics/channel-access-token/',
      anchors: ['dB04t89/1O/w1cDnyilFU='],
      pattern: '[A-Za-z0-9+/]{149}[AQgw]dB04t89/1O/w1cDnyilFU=',
      notBefore: 'A-Za-z0-9+/',
      notAfter: 'A-Za-z0-9+/=',
      maxLength: 172,
      checkKind: 'structure',
      check: checkToken,
      mint: (random) => Buffer.concat([randomBytes(random, 112), block]).toString('base64'),
      revoke: 'POST https://api.line.me/v2/oauth/revoke with the token',
    },
    150,
  ),
]

/** The cipher's padding under a fixed key, so it stands in every token. */
const block = Buffer.from('0741d38b7cf7fd4eff0d5c0e7ca29455', 'hex')

function checkToken(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  if (bytes?.length !== 128 || !bytes.subarray(112).equals(block)) return failed
  // A placeholder before the fixed end passes otherwise.
  return verdict(new Set(bytes.subarray(0, 112)).size >= 32, 60)
}
