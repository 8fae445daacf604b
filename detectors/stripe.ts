/** Stripe: keys of 107 characters have `00` at a fixed place, and name the account they belong to. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { failed, passed } from './checks/outcome.ts'
import { letters, oneOf, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

const anchors = ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_']
const testMode = ['sk_test_', 'rk_test_']
const revoke = 'dashboard only; Stripe may disable exposed live keys'

export const stripe: readonly Detector[] = [
  prefixed({
    id: 'stripe-secret-key',
    issuer: 'Stripe',
    kind: 'secret or restricted key',
    docs: 'https://docs.stripe.com/keys',
    anchors,
    testMode,
    pattern: '[sr]k_(?:live|test)_51[A-Za-z0-9]{97}',
    maxLength: 107,
    checkKind: 'structure',
    check: checkStripe,
    probe: { get: 'https://api.stripe.com/v1/account', auth: 'bearer', active: [200, 403], inactive: [401] },
    revoke,
    mint: mintStripe,
  }),
  prefixed({
    id: 'stripe-secret-key-short',
    issuer: 'Stripe',
    kind: 'key before 2020',
    docs: 'https://docs.stripe.com/keys',
    anchors,
    testMode,
    pattern: '[sr]k_(?:live|test)_[A-Za-z0-9]{24,96}',
    maxLength: 104,
    revoke,
    mint: (random) => `${oneOf(random, ['sk', 'rk'])}_live_${letters(random, base62, 24)}`,
    yieldsTo: ['clerk-secret-key', 'workos-api-key'],
  }),
  prefixed({
    id: 'stripe-webhook-secret',
    issuer: 'Stripe',
    kind: 'webhook signing secret',
    docs: 'https://docs.stripe.com/webhooks/signature',
    anchors: ['whsec_'],
    pattern: 'whsec_[A-Za-z0-9+/]{32,64}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 72,
    revoke: 'roll the endpoint secret',
  }),
]

/** `51` at 8 is in the pattern; characters 10 to 25 after it are the account of the key. */
function checkStripe(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  if (text.slice(97, 99) !== '00') return failed
  return passed(12, { account: `acct_${text.slice(10, 26)}` })
}

function mintStripe(random: Random): string {
  const account = letters(random, base62, 87)
  return `${oneOf(random, ['sk', 'rk'])}_live_51${account}00${letters(random, base62, 8)}`
}
