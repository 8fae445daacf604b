/** Solana: an Ed25519 seed and its public key, as a list of numbers or in base58, beside a word that says so. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { decodeBase58 } from './checks/base58.ts'
import { verdict } from './checks/outcome.ts'
import { isEd25519Pair, mintEd25519Pair } from './checks/private-key.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const solana: readonly Detector[] = [
  prefixed({
    id: 'solana-keypair',
    issuer: 'key material',
    kind: 'Solana key pair',
    docs: 'https://solana.com/docs/core/accounts',
    anchors: [
      'solana',
      'Solana',
      'SOLANA',
      'keypair',
      'KEYPAIR',
      'Keypair',
      'secretKey',
      'secret_key',
      'SECRET_KEY',
      'SecretKey',
    ],
    pattern: String.raw`(?i:solana|keypair|secret_?key)(?:[^\n]{0,60}?[^A-Za-z0-9\n])([1-9A-HJ-NP-Za-km-z]{86,88}|\[[ ]?(?:[0-9]{1,3},[ ]?){63}[0-9]{1,3}[ ]?\])`,
    gate: 'words',
    notBefore: '0-9',
    maxLength: 576,
    context: ['solana'],
    check: checkPair,
    mint: (random) => `solana = [${[...mintEd25519Pair(randomBytes(random, 32))].join(',')}]`,
    revoke: 'move the funds',
  }),
]

function checkPair(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  return verdict(isEd25519Pair(text.startsWith('[') ? listed(text) : decodeBase58(text)), 60)
}

function listed(text: string): Buffer | null {
  const numbers = text.slice(1, -1).split(',').map(Number)
  return numbers.every((number) => number < 256) ? Buffer.from(numbers) : null
}
