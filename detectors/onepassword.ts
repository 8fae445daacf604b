/** 1Password: a service account token is base64url JSON with all it needs to sign in. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { digits, hex, upper } from './checks/alphabets.ts'
import { base64Json } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const onepassword: readonly Detector[] = [
  prefixed({
    id: 'onepassword-service-account-token',
    issuer: '1Password',
    kind: 'service account token',
    docs: 'https://developer.1password.com/docs/service-accounts/',
    anchors: ['ops_eyJ'],
    pattern: 'ops_eyJ[A-Za-z0-9_-]{250,1000}[A-Za-z0-9_-]{0,500}={0,2}',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 1510,
    checkKind: 'structure',
    check: checkAccount,
    mint: mintAccount,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'onepassword-secret-key',
    issuer: '1Password',
    kind: 'account secret key',
    docs: 'https://developer.1password.com/docs/service-accounts/',
    anchors: ['A3-'],
    pattern: 'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}',
    maxLength: 40,
    revoke: 'regenerate the secret key',
  }),
]

const members = ['userAuth', 'email', 'srpX', 'muk', 'secretKey']

function checkAccount(secret: Buffer): CheckResult {
  const json = base64Json(secret.toString('latin1', 4), { padding: 'any' })
  const key = json?.['secretKey']
  const whole = json !== null && members.every((member) => json[member] !== undefined)
  return verdict(whole && typeof key === 'string' && key.startsWith('A3-'), 60)
}

function mintAccount(random: Random): string {
  const json = {
    signInAddress: 'harbour.1password.com',
    userAuth: {
      method: 'SRPg-4096',
      alg: 'PBES2g-HS256',
      iterations: 650_000,
      salt: letters(random, hex, 22),
    },
    email: 'deploy@1passwordserviceaccounts.com',
    srpX: letters(random, hex, 64),
    muk: { alg: 'A256GCM', ext: true, k: letters(random, hex, 43), kty: 'oct' },
    secretKey: `A3-${letters(random, upper + digits, 6)}-${letters(random, upper + digits, 6)}`,
  }
  return `ops_${Buffer.from(JSON.stringify(json)).toString('base64url')}`
}
