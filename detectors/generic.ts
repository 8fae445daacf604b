/** Tokens in GitHub's style of issuers that have no detector: CRC-32 in base62 after some underscore. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { crc32 } from './checks/crc.ts'
import { crcBase62, crcMint } from './checks/crc-tokens.ts'
import { failed, passed } from './checks/outcome.ts'
import { valued } from './checks/shape.ts'

export const generic: readonly Detector[] = [
  valued({
    id: 'generic-crc32-base62-token',
    issuer: 'unknown',
    kind: 'token with a CRC-32',
    docs: 'https://github.blog/engineering/behind-githubs-new-authentication-token-formats/',
    context: ['token', 'key', 'secret', 'auth', 'api', 'bearer', 'password', 'credential'],
    // The largest sum begins with a 4.
    pattern: '[A-Za-z][A-Za-z0-9]{1,15}_[A-Za-z0-9_]{16,114}[0-4][A-Za-z0-9]{5}',
    // Behind its first two characters: most runs of letters and digits have no underscore.
    ahead: { over: 'A-Za-z0-9', until: '_', within: 14 },
    notBefore: 'A-Za-z0-9_%\\',
    maxLength: 140,
    check: checkToken,
    provenOnly: true,
    mint: crcMint(crcBase62, 'harbour_', base62, 30),
    revoke: 'unknown',
  }),
]

/** The sum covers the body alone, and where the body begins is not known: after one of the underscores. */
function checkToken(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  for (let at = text.indexOf('_'); at >= 0; at = text.indexOf('_', at + 1)) {
    const body = text.slice(at + 1, -6)
    if (body.length < 16) break
    if (new Set(body).size > 8 && crcBase62.write(crc32(body)) === text.slice(-6)) return passed(30)
  }
  return failed
}
