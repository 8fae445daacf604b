/** OpenVPN: 256 bytes in hex, read to their END line. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { verdict } from './checks/outcome.ts'
import { armourExtent, bareLine, plainLines } from './checks/pem.ts'
import { letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const openvpn: readonly Detector[] = [
  prefixed({
    id: 'openvpn-static-key',
    issuer: 'key material',
    kind: 'OpenVPN static key',
    docs: 'https://openvpn.net/community-docs/static-key-mini-howto.html',
    anchors: ['-----BEGIN'],
    pattern: String.raw`-----BEGIN OpenVPN Static key V1-----(?:[\s"'+,#*>|;]|\\{1,4}[nrt]){1,80}[0-9a-f]{16}`,
    gate: 'words',
    notAfter: '-',
    maxLength: 2048,
    extent: armourExtent,
    checkKind: 'structure',
    check: checkKey,
    mint: mintKey,
    revoke: 'replace the key',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  const lines = plainLines(secret.toString('latin1')).split('\n').map(bareLine)
  const good = lines.length > 2 && lines.at(-1) === '-----END OpenVPN Static key V1-----'
  return verdict(good && /^[0-9a-f]{512}$/.test(lines.slice(1, -1).join('')), 60)
}

function mintKey(random: Random): string {
  const lines = Array.from({ length: 16 }, () => letters(random, hex, 32))
  const label = 'OpenVPN Static key V1'
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
}
