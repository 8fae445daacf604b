/** Cisco Webex: base64 of a UUID and a part of another, a cluster, the organisation. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, uuid4 } from './checks/random.ts'
import { inside } from './checks/shape.ts'
import { isUuid } from './checks/uuid.ts'

export const webex: readonly Detector[] = [
  inside(
    {
      id: 'webex-access-token',
      issuer: 'Cisco Webex',
      kind: 'access token',
      docs: 'https://developer.webex.com/docs/getting-your-personal-access-token',
      anchors: ['_P0A1_', '_PF84_', '_PE93_'],
      pattern:
        '[A-Za-z0-9]{64}_(?:P0A1|PF84|PE93)_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
      notAfter: 'A-Za-z0-9_-',
      maxLength: 106,
      checkKind: 'structure',
      check: checkToken,
      mint: mintToken,
      revoke: 'DELETE https://webexapis.com/v1/authorizations/{id}',
    },
    64,
  ),
]

function checkToken(secret: Buffer): CheckResult {
  const text = strictBase64(secret.toString('latin1', 0, 64))?.toString('latin1') ?? ''
  return verdict(isUuid(text.slice(0, 36)) && /^[0-9a-f]{8}-[0-9a-f]{3}$/.test(text.slice(36)), 60)
}

function mintToken(random: Random): string {
  const head = Buffer.from(uuid4(random) + uuid4(random).slice(0, 12)).toString('base64url')
  return `${head}_P0A1_${uuid4(random)}`
}
