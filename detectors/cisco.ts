/** Cisco IOS: passwords of type 7 are no secret to anyone who has the configuration, and can be undone here. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { failed, passed } from './checks/outcome.ts'
import { letters } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const cisco: readonly Detector[] = [
  prefixed({
    id: 'cisco-type-7-password',
    issuer: 'Cisco',
    kind: 'password of a device, obscured as of type 7',
    docs: 'https://www.cisco.com/c/en/us/support/docs/security-vpn/remote-authentication-dial-user-service-radius/107614-64.html',
    anchors: ['password 7 ', 'secret 7 ', 'key 7 ', 'key-string 7 '],
    pattern: String.raw`(?:password|secret|key|key-string) 7 ([01][0-9](?:[0-9A-F]{2}){3,60})`,
    gate: 'words',
    maxLength: 140,
    checkKind: 'structure',
    check: checkTypeSeven,
    manualOnly: true,
    revoke: 'change the password',
    mint: (random) => `password 7 ${obscured(letters(random, base62, 12), Math.floor(random() * 16))}`,
  }),
]

/** The same in every device since 1995. Published by "hobbit" on Bugtraq. */
const key = 'dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87'

/** Where the key begins, 0 to 15, in decimal; then each byte combined with the next of the key, in hex. */
function checkTypeSeven(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const seed = Number(text.slice(0, 2))
  if (!(seed <= 15)) return failed
  const plain = combined(Buffer.from(text.slice(2), 'hex'), seed)
  // Of random bytes three in eight are printable.
  return plain.every((byte) => byte >= 0x20 && byte < 0x7f) ? passed(Math.floor(1.4 * plain.length)) : failed
}

function obscured(password: string, seed: number): string {
  const hex = combined(Buffer.from(password), seed).toString('hex')
  return String(seed).padStart(2, '0') + hex.toUpperCase()
}

function combined(bytes: Buffer, seed: number): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ key.charCodeAt((seed + i) % key.length)))
}
