/** Tezos: an Ed25519 seed, or seed and public key, in base58check. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { decodeBase58Check, encodeBase58Check } from './checks/base58.ts'
import { verdict } from './checks/outcome.ts'
import { isEd25519Pair } from './checks/private-key.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const tezos: readonly Detector[] = [
  prefixed({
    id: 'tezos-secret-key',
    issuer: 'key material',
    kind: 'Tezos secret key',
    docs: 'https://octez.tezos.com/docs/user/key-management.html',
    anchors: ['edsk'],
    pattern: 'edsk[1-9A-HJ-NP-Za-km-z]{50,94}',
    maxLength: 98,
    check: checkKey,
    mint: (random) => encodeBase58Check(Buffer.concat([seedHead, randomBytes(random, 32)])),
    revoke: 'move the funds',
  }),
]

const seedHead = Buffer.from('0d0f3a07', 'hex')
const pairHead = Buffer.from('2bf64e07', 'hex')

function checkKey(secret: Buffer): CheckResult {
  const bytes = decodeBase58Check(secret.toString('latin1')) ?? Buffer.alloc(0)
  const [head, body] = [bytes.subarray(0, 4), bytes.subarray(4)]
  if (head.equals(seedHead)) return verdict(body.length === 32, 40)
  return verdict(head.equals(pairHead) && isEd25519Pair(body), 60)
}
