/** JSON Web Keys: the object around a key type, where it holds a private member. */
import type { Detector } from '../src/model/detector.ts'
import { checkJwk, mintJwk } from './checks/jwk.ts'
import { jsonExtent } from './checks/service-account.ts'
import { inside } from './checks/shape.ts'

export const jwk: readonly Detector[] = [
  inside(
    {
      id: 'jwk-private-key',
      issuer: 'key material',
      kind: 'JSON Web Key with its private member',
      docs: 'https://www.rfc-editor.org/rfc/rfc7517',
      anchors: ['"kty"'],
      pattern: String.raw`\{[^{}]{0,1000}[^{}]{0,1000}"kty"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP)"`,
      maxLength: 8192,
      extent: jsonExtent,
      checkKind: 'structure',
      check: checkJwk,
      mint: mintJwk,
      revoke: 'replace the key',
    },
    2010,
  ),
]
