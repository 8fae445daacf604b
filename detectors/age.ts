/** age: bech32 in upper case. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { decodeBech32, encodeBech32 } from './checks/bech32.ts'
import { verdict } from './checks/outcome.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const age: readonly Detector[] = [
  prefixed({
    id: 'age-secret-key',
    issuer: 'key material',
    kind: 'age identity',
    docs: 'https://github.com/C2SP/C2SP/blob/main/age.md',
    anchors: ['AGE-SECRET-KEY-1'],
    pattern: 'AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}',
    maxLength: 74,
    check: checkIdentity,
    mint: (random) => encodeBech32('age-secret-key-', randomBytes(random, 32)).toUpperCase(),
    revoke: 'encrypt again to another identity',
  }),
]

function checkIdentity(secret: Buffer): CheckResult {
  const read = decodeBech32(secret.toString('latin1').toLowerCase())
  return verdict(read?.prefix === 'age-secret-key-' && read.bytes.length === 32, 30)
}
