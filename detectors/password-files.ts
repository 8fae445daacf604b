/** Files that hold little else than logins: of PostgreSQL, Firefox, Kubernetes, npm, Rails. Told by the shape of their lines. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { mixed } from './checks/assigned.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, passed } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { inside, prefixed } from './checks/shape.ts'

const revoke = 'change the password'

export const passwordFiles: readonly Detector[] = [
  inside(
    {
      id: 'pgpass-line',
      issuer: 'PostgreSQL',
      kind: 'line of a .pgpass file',
      docs: 'https://www.postgresql.org/docs/current/libpq-pgpass.html',
      anchors: [':5432:', ':5433:', ':6432:', ':*:*:'],
      pattern: String.raw`[A-Za-z0-9*][A-Za-z0-9._-]{0,80}:(?:543[23]|6432|\*):[A-Za-z0-9_*-]{1,63}:[A-Za-z0-9_.@*-]{1,63}:([!#-%(-+./0-9=?-\[\]-_a-~-]{3,128})`,
      shapeless: 'login',
      notBefore: 'A-Za-z0-9_.*:/@-',
      notAfter: '%',
      maxLength: 350,
      reach: { left: 240, right: 510 },
      manualOnly: true,
      revoke,
      mint: (random) => `db.internal:5432:app:deploy:${mixed(random, base62, 18)}`,
    },
    81,
  ),
  prefixed({
    id: 'firefox-saved-login',
    issuer: 'Mozilla',
    kind: "user or password in Firefox's saved logins",
    docs: 'https://support.mozilla.org/en-US/kb/where-are-my-logins-stored',
    anchors: ['encryptedUsername', 'encryptedPassword'],
    pattern: String.raw`encrypted(?:Username|Password)\\{0,3}["']?[ \t]{0,4}[:=][ \t]{0,4}\\{0,3}["']?(M[A-Za-z0-9+/]{60,600}={0,2})`,
    notAfter: 'A-Za-z0-9+/=_-',
    maxLength: 650,
    checkKind: 'structure',
    check: checkFirefox,
    manualOnly: true,
    revoke,
    mint: (random) => `encryptedPassword: ${mintFirefox(random)}`,
  }),
]

/** ASN.1 of a key id of 16 bytes, the cipher 3DES or AES in CBC with its start value, and the text. */
const head = Buffer.from('0410f8000000000000000000000000000001', 'hex')

/** The key id is the same everywhere; what is sealed opens with `key4.db`, mostly beside it and without a password. */
function checkFirefox(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })
  if (bytes?.[0] !== 0x30 || bytes.indexOf(head) !== 2) return failed
  return { ...passed(12), unusable: 'encrypted' }
}

function mintFirefox(random: Random): string {
  const cipher = Buffer.from('301406082a864886f70d03070408', 'hex')
  const body = Buffer.concat([
    head,
    cipher,
    randomBytes(random, 8),
    Buffer.from('0410', 'hex'),
    randomBytes(random, 16),
  ])
  return Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64')
}
