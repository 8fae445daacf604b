/** netrc: the password of a machine. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { judgePassword } from './checks/password.ts'
import { letters } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const netrc: readonly Detector[] = [
  prefixed({
    id: 'netrc-password',
    issuer: 'netrc',
    kind: 'entry of a .netrc file',
    docs: 'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
    anchors: ['machine ', String.raw`machine\t`, 'default login'],
    pattern: String.raw`(?:machine\s{1,20}[^\s]{1,100}|default)\s{1,20}login\s{1,20}[^\s]{1,100}\s{1,20}password\s{1,20}([A-Za-z0-9!#$%()*+./:;=?@^_{}|~-]{4,200})`,
    notAfter: '%',
    maxLength: 1120,
    checkKind: 'structure',
    check: (secret) => judgePassword(secret.toString('utf8')),
    shapeless: 'login',
    reach: { left: 160, right: 730 },
    manualOnly: true,
    mint: (random) => `machine git.internal login deploy password ${letters(random, base62, 18)}`,
    revoke: 'change the password',
  }),
]
