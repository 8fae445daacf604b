/** Checkout.com: 16 bytes in base32, and their remainder modulo 37. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base32 } from './checks/alphabets.ts'
import { encodeBase32, strictBase32 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const checkoutCom: readonly Detector[] = [
  prefixed({
    id: 'checkout-secret-key',
    issuer: 'Checkout.com',
    kind: 'secret key',
    docs: 'https://www.checkout.com/docs/developer-resources/api/manage-api-keys',
    anchors: ['sk_'],
    pattern: 'sk_(?:sbox_)?[a-z2-7]{26}[a-z2-7*#$=]',
    notAfter: 'A-Za-z0-9_*#$=',
    maxLength: 35,
    check: checkKey,
    testMode: ['sk_sbox_'],
    mint: mintKey,
    revoke: 'dashboard only',
  }),
]

const small = base32.toLowerCase()
/** The five remainders beyond the alphabet; the last of them looks like a letter. */
const symbols = `${small}*#$=u`

/** The bytes are read as one number, least significant first. */
function remainder(bytes: Buffer): number {
  return Number(BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`) % 37n)
}

function checkKey(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const bytes = strictBase32(text.slice(-27, -1), small)
  return verdict(bytes !== null && symbols.charAt(remainder(bytes)) === text.slice(-1), 7)
}

function mintKey(random: Random): string {
  for (;;) {
    const bytes = randomBytes(random, 16)
    const rest = remainder(bytes)
    if (rest < 32) return `sk_${encodeBase32(bytes, small)}${symbols.charAt(rest)}`
  }
}
