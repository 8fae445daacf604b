/** OpenPGP: armoured private keys, read to their END line. */
import type { Detector } from '../src/model/detector.ts'
import { armourExtent } from './checks/pem.ts'
import { checkPgp, mintPgp } from './checks/pgp.ts'
import { prefixed } from './checks/shape.ts'

export const pgp: readonly Detector[] = [
  prefixed({
    id: 'pgp-private-key',
    issuer: 'key material',
    kind: 'OpenPGP private key',
    docs: 'https://www.rfc-editor.org/rfc/rfc9580',
    anchors: ['-----BEGIN'],
    pattern: String.raw`-----BEGIN PGP PRIVATE KEY BLOCK-----(?:[\s"'+,#*>|;]|\\{1,4}[nrt]){1,80}[A-Za-z0-9+/]`,
    gate: 'words',
    notAfter: '-',
    maxLength: 65536,
    extent: armourExtent,
    checkKind: 'structure',
    check: checkPgp,
    mint: mintPgp,
    revoke: 'publish a revocation certificate',
  }),
]
