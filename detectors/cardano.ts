/** Cardano: signing keys in bech32, as long as their prefix says (CIP-5). */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { decodeBech32, encodeBech32 } from './checks/bech32.ts'
import { verdict } from './checks/outcome.ts'
import { oneOf, type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const cardano: readonly Detector[] = [
  prefixed({
    id: 'cardano-signing-key',
    issuer: 'key material',
    kind: 'Cardano signing key',
    docs: 'https://cips.cardano.org/cip/CIP-5',
    anchors: [
      'ed25519_sk1',
      'ed25519e_sk1',
      'addr_sk1',
      'stake_sk1',
      'addr_xsk1',
      'acct_xsk1',
      'root_xsk1',
      'stake_xsk1',
    ],
    pattern: '(?:ed25519e?_sk|(?:addr|stake)_sk|(?:addr|acct|root|stake)_xsk)1[02-9ac-hj-np-z]{58,170}',
    maxLength: 185,
    check: checkKey,
    mint: mintKey,
    revoke: 'move the funds',
  }),
]

/** Bytes by the end of the prefix; an extended key has its chain code with it or not. */
function lengths(prefix: string): readonly number[] {
  if (prefix.endsWith('xsk')) return [64, 96]
  return prefix === 'ed25519e_sk' ? [64] : [32]
}

function checkKey(secret: Buffer): CheckResult {
  const read = decodeBech32(secret.toString('latin1'))
  return verdict(read !== null && lengths(read.prefix).includes(read.bytes.length), 30)
}

function mintKey(random: Random): string {
  const prefix = oneOf(random, ['ed25519_sk', 'addr_xsk'])
  return encodeBech32(prefix, randomBytes(random, lengths(prefix).at(-1) ?? 32))
}
