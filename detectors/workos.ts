/** WorkOS: base64 of a ULID and 25 letters and digits. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const workos: readonly Detector[] = [
  prefixed({
    id: 'workos-api-key',
    issuer: 'WorkOS',
    kind: 'API key',
    docs: 'https://workos.com/docs/reference/api-keys',
    anchors: ['sk_live_a2V5X', 'sk_test_a2V5X'],
    pattern: 'sk_(?:live|test)_a2V5X[A-Za-z0-9]{60,80}={0,2}',
    notAfter: 'A-Za-z0-9_+/=',
    maxLength: 96,
    checkKind: 'structure',
    check: checkKey,
    testMode: ['sk_test_'],
    mint: mintKey,
    revoke: 'dashboard only',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  const text = strictBase64(secret.toString('latin1', 8), { alphabet: 'standard', padding: 'any' })
  const good = /^key_[0-7][0-9A-HJKMNP-TV-Z]{25},[A-Za-z0-9]{25}$/.test(text?.toString('latin1') ?? '')
  return verdict(good, 60)
}

function mintKey(random: Random): string {
  const ulid = `01K${letters(random, '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}`
  const text = Buffer.from(`key_${ulid},${letters(random, base62, 25)}`)
  return `sk_live_${text.toString('base64').replace(/=+$/, '')}`
}
