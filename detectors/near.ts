/** NEAR: an Ed25519 seed and its public key in base58. */
import type { Detector } from '../src/model/detector.ts'
import { decodeBase58, encodeBase58 } from './checks/base58.ts'
import { verdict } from './checks/outcome.ts'
import { isEd25519Pair, mintEd25519Pair } from './checks/private-key.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const near: readonly Detector[] = [
  prefixed({
    id: 'near-private-key',
    issuer: 'key material',
    kind: 'NEAR private key',
    docs: 'https://docs.near.org/protocol/access-keys',
    anchors: ['ed25519:'],
    pattern: 'ed25519:[1-9A-HJ-NP-Za-km-z]{80,90}',
    maxLength: 98,
    check: (secret) => verdict(isEd25519Pair(decodeBase58(secret.toString('latin1', 8))), 60),
    mint: (random) => `ed25519:${encodeBase58(mintEd25519Pair(randomBytes(random, 32)))}`,
    revoke: 'delete the access key on chain',
  }),
]
