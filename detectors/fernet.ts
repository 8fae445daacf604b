/** Fernet: a key of 32 bytes for AES and HMAC, handed to the class of that name. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const fernet: readonly Detector[] = [
  prefixed({
    id: 'fernet-key',
    issuer: 'source code',
    kind: 'Fernet key written out',
    docs: 'https://github.com/fernet/spec/blob/master/Spec.md',
    anchors: ['Fernet('],
    pattern: String.raw`Fernet\(b?["']([A-Za-z0-9_-]{43}=)`,
    gate: 'words',
    notBefore: '',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 53,
    checkKind: 'structure',
    check: checkKey,
    manualOnly: true,
    revoke: 'make a new key and encrypt again',
    mint: (random) => `Fernet("${randomBytes(random, 32).toString('base64url')}=`,
  }),
]

/** 32 bytes; the last character leaves two bits that are zero. */
function checkKey(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { padding: 'full' })
  return verdict(bytes?.length === 32 && new Set(bytes).size > 12, 2)
}
