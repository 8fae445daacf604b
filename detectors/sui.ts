/** Sui: a scheme and a private key in bech32. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { decodeBech32, encodeBech32 } from './checks/bech32.ts'
import { verdict } from './checks/outcome.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const sui: readonly Detector[] = [
  prefixed({
    id: 'sui-private-key',
    issuer: 'key material',
    kind: 'Sui private key',
    docs: 'https://github.com/sui-foundation/sips/blob/main/sips/sip-15.md',
    anchors: ['suiprivkey1'],
    pattern: 'suiprivkey1[02-9ac-hj-np-z]{59}',
    maxLength: 70,
    check: checkKey,
    mint: (random) => encodeBech32('suiprivkey', Buffer.concat([Buffer.from([0]), randomBytes(random, 32)])),
    revoke: 'move the funds',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  const bytes = decodeBech32(secret.toString('latin1'))?.bytes
  return verdict(bytes?.length === 33 && (bytes[0] ?? 9) <= 3, 36)
}
