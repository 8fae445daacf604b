/** XRP Ledger: a seed in base58check with Ripple's order of digits. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { decodeBase58Check, encodeBase58Check, rippleDigits } from './checks/base58.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const xrp: readonly Detector[] = [
  valued({
    id: 'xrp-family-seed',
    issuer: 'key material',
    kind: 'XRP Ledger seed',
    docs: 'https://xrpl.org/docs/concepts/accounts/cryptographic-keys',
    context: ['xrp', 'ripple', 'seed'],
    pattern: 's[1-9A-HJ-NP-Za-km-z]{27,30}',
    maxLength: 31,
    check: checkSeed,
    mint: mintSeed,
    revoke: 'move the funds',
  }),
]

/** 21 and 16 bytes, or 01 E1 4B and 16 bytes where the key will be of Ed25519. */
function checkSeed(secret: Buffer): CheckResult {
  const head = decodeBase58Check(secret.toString('latin1'), rippleDigits)?.toString('hex') ?? ''
  return verdict(/^(?:21|01e14b)[0-9a-f]{32}$/.test(head), 40)
}

/** Draws until a digit is among them, as in nearly all. */
function mintSeed(random: Random): string {
  for (;;) {
    const seed = Buffer.concat([Buffer.from([0x01, 0xe1, 0x4b]), randomBytes(random, 16)])
    const text = encodeBase58Check(seed, rippleDigits)
    if (/[0-9]/.test(text.slice(0, 16))) return text
  }
}
