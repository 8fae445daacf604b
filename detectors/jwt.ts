/** JSON Web Tokens of issuers we do not know: a structure, an algorithm, a signature of its length. */
import type { Detector } from '../src/model/detector.ts'
import { judgeJwt, mintJwt, parseJwt } from './checks/jwt.ts'
import { letters } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const jwt: readonly Detector[] = [
  prefixed({
    id: 'jwt',
    issuer: 'JSON Web Token',
    kind: 'signed token',
    docs: 'https://www.rfc-editor.org/rfc/rfc7519',
    anchors: ['eyJ'],
    pattern: String.raw`eyJ[A-Za-z0-9_-]{8,600}\.eyJ[A-Za-z0-9_-]{8,1000}[A-Za-z0-9_-]{0,1000}\.[A-Za-z0-9_-]{20,1000}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 3610,
    checkKind: 'structure',
    check: (secret, now) => judgeJwt(parseJwt(secret.toString('latin1')), now),
    revoke: "expires; the issuer's session end",
    yieldsTo: ['github-app-installation-token-stateless'],
    mint: (random) =>
      mintJwt(random, { sub: letters(random, '0123456789', 10), scope: 'deploy', exp: 4_102_444_800 }),
  }),
]
