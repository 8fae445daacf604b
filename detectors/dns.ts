/** Name servers: keys that sign updates and commands, as BIND's files hold them. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const dns: readonly Detector[] = [
  prefixed({
    id: 'tsig-key',
    issuer: 'BIND',
    kind: 'key of a name server (TSIG, rndc)',
    docs: 'https://bind9.readthedocs.io/en/stable/reference.html#key-block-grammar',
    anchors: ['algorithm hmac', 'algorithm "hmac', 'algorithm HMAC'],
    gate: 'words',
    pattern: String.raw`algorithm "?(?i:hmac-(?:md5|sha1|sha224|sha256|sha384|sha512)[A-Za-z0-9.-]{0,30})"?;\s{1,20}secret "?([A-Za-z0-9+/]{22,88}={0,2})"?;`,
    notAfter: '',
    maxLength: 200,
    checkKind: 'structure',
    check: checkKey,
    provenOnly: true,
    manualOnly: true,
    mint: (random) => `algorithm hmac-sha256; secret "${randomBytes(random, 32).toString('base64')}";`,
    revoke: 'rndc-confgen -a, or tsig-keygen, and the new key where the old one stood',
  }),
]

/** At least 128 bits, and none of the examples that are one letter over and over. */
function checkKey(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  return verdict(bytes !== null && bytes.length >= 16 && new Set(bytes).size > 8, 8)
}
