/** Ethereum: 64 hex digits, so only beside a word that says so. */
import type { Detector } from '../src/model/detector.ts'
import { valued } from './checks/shape.ts'

export const ethereum: readonly Detector[] = [
  valued({
    id: 'ethereum-private-key',
    issuer: 'key material',
    kind: 'Ethereum private key',
    docs: 'https://ethereum.org/en/developers/docs/accounts/',
    context: ['private key', 'private_key', 'privatekey', 'priv_key', 'wallet'],
    pattern: '(?:0x)?[0-9a-fA-F]{64}',
    contextWithin: 40,
    maxLength: 66,
    minEntropy: 3.2,
    revoke: 'move the funds',
  }),
]
