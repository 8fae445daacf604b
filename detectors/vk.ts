/** VK: whole blocks of a cipher in base64url. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { bytesMint } from './checks/bytes.ts'
import { verdict } from './checks/outcome.ts'
import { prefixed } from './checks/shape.ts'

export const vk: readonly Detector[] = [
  prefixed({
    id: 'vk-access-token',
    issuer: 'VK',
    kind: 'access token',
    docs: 'https://dev.vk.com/en/api/access-token/getting-started',
    anchors: ['vk1.a.'],
    pattern: String.raw`vk1\.a\.[A-Za-z0-9_-]{150,400}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 406,
    checkKind: 'structure',
    check: checkToken,
    mint: bytesMint('vk1.a.', 160),
    revoke: 'dashboard only',
  }),
]

function checkToken(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1', 6))
  return verdict(bytes !== null && bytes.length % 16 === 0, 6)
}
