/** Key files: found by their BEGIN line, read to their END line, and tested for numbers that fit each other. */
import type { Detector } from '../src/model/detector.ts'
import { mintOpenssh, mintPem } from './checks/mint-keys.ts'
import { armourExtent, checkOpensshKey, checkPemKey } from './checks/pem.ts'
import { prefixed } from './checks/shape.ts'

/** Half a line of base64 is enough to begin with; the check reads the rest. */
const gap = String.raw`(?:[\s"'+,#*>|;]|\\{1,4}[nrt])`

export const keyMaterial: readonly Detector[] = [
  prefixed({
    id: 'pem-private-key',
    issuer: 'key material',
    kind: 'RSA, EC, DSA or Ed25519 private key',
    docs: 'https://www.rfc-editor.org/rfc/rfc7468',
    gate: 'words',
    anchors: ['-----BEGIN'],
    pattern: String.raw`-----BEGIN (?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY-----${gap}{0,80}(?:[A-Za-z0-9+/]{40}|Proc-Type)`,
    notAfter: '-',
    maxLength: 16384,
    extent: armourExtent,
    checkKind: 'structure',
    check: checkPemKey,
    revoke: 'replace the key',
    mint: mintPem,
  }),
  prefixed({
    id: 'openssh-private-key',
    issuer: 'key material',
    kind: 'OpenSSH private key',
    docs: 'https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key',
    gate: 'words',
    anchors: ['-----BEGIN'],
    pattern: String.raw`-----BEGIN OPENSSH PRIVATE KEY-----${gap}{0,80}[A-Za-z0-9+/]{40}`,
    notAfter: '-',
    maxLength: 16384,
    extent: armourExtent,
    checkKind: 'structure',
    check: checkOpensshKey,
    revoke: 'remove from authorized_keys',
    mint: mintOpenssh,
  }),
]
