/** Ory: 32 and 32 bytes in base64url. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { bytesMint } from './checks/bytes.ts'
import { verdict } from './checks/outcome.ts'
import { prefixed } from './checks/shape.ts'

export const ory: readonly Detector[] = [
  prefixed({
    id: 'ory-access-token',
    issuer: 'Ory',
    kind: 'access, refresh or authorisation token',
    docs: 'https://www.ory.com/docs/hydra/advanced',
    anchors: ['ory_at_', 'ory_rt_', 'ory_ac_'],
    pattern: String.raw`ory_(?:at|rt|ac)_[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 95,
    checkKind: 'structure',
    check: checkParts,
    mint: (random) => `${bytesMint('ory_at_', 32)(random)}.${bytesMint('', 32)(random)}`,
    revoke: 'RFC 7009 /oauth2/revoke with the client',
  }),
]

function checkParts(secret: Buffer): CheckResult {
  const parts = secret.toString('latin1', 7).split('.')
  return verdict(parts.length === 2 && parts.every((part) => strictBase64(part)?.length === 32), 4)
}
