/** WireGuard: 32 bytes with five bits set as Curve25519 asks. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const wireguard: readonly Detector[] = [
  valued({
    id: 'wireguard-private-key',
    issuer: 'key material',
    kind: 'WireGuard private key',
    docs: 'https://www.wireguard.com/quickstart/',
    context: ['PrivateKey'],
    pattern: '[A-Za-z0-9+/]{43}=',
    notBefore: 'A-Za-z0-9+/',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 44,
    checkKind: 'structure',
    check: checkKey,
    mint: mintKey,
    revoke: 'replace the key pair',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  const [first = 1, last = 0] = [bytes?.[0], bytes?.[31]]
  return verdict(bytes?.length === 32 && (first & 7) === 0 && (last & 0xc0) === 0x40, 7)
}

function mintKey(random: Random): string {
  const bytes = randomBytes(random, 32)
  bytes[0] = (bytes[0] ?? 0) & 0xf8
  bytes[31] = ((bytes[31] ?? 0) & 0x3f) | 0x40
  return bytes.toString('base64')
}
