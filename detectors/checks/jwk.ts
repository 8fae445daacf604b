/** JSON Web Keys with a private member that fits the public ones. Sources: RFC 7517, 7518 section 6, 8037. */
import type { CheckResult } from '../../src/model/detector.ts'
import { jsonObject, strictBase64 } from './base64.ts'
import { failed, passed, verdict } from './outcome.ts'
import { ecPublic, ed25519Public, rsaFits } from './private-key.ts'
import { type Random, randomBytes } from './random.ts'

const curves: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  secp256k1: 'secp256k1',
}

export function checkJwk(secret: Buffer): CheckResult {
  const key = jsonObject(secret.toString('utf8'))
  if (!key || member(key, 'd') === null) return failed
  if (key['kty'] === 'RSA') return checkRsa(key)
  return verdict(key['kty'] === 'EC' ? ecFits(key) : okpFits(key), 60)
}

function member(key: Record<string, unknown>, name: string): Buffer | null {
  const value = key[name]
  const bytes = typeof value === 'string' ? strictBase64(value) : null
  return bytes && bytes.length > 0 ? bytes : null
}

/** The primes may be left out, and then nothing can be compared. */
function checkRsa(key: Record<string, unknown>): CheckResult {
  const [n, e, d, p, q, dp, dq, qi] = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].map((name) =>
    number(member(key, name)),
  )
  if (!n || !e || !d) return failed
  if (!p || !q || !dp || !dq || !qi) return passed(16)
  return verdict(rsaFits({ n, e, d, p, q, dp, dq, qi }), 60)
}

function number(bytes: Buffer | null): bigint | null {
  return bytes && BigInt(`0x${bytes.toString('hex')}`)
}

function ecFits(key: Record<string, unknown>): boolean {
  const [d, x, y] = ['d', 'x', 'y'].map((name) => member(key, name))
  const curve = curves[String(key['crv'])]
  return Boolean(curve && d && x && y && ecPublic(curve, d, Buffer.concat([Buffer.from([4]), x, y])))
}

function okpFits(key: Record<string, unknown>): boolean {
  const [d, x] = [member(key, 'd'), member(key, 'x')]
  if (!d || !x || key['kty'] !== 'OKP') return false
  if (key['crv'] === 'Ed25519') return d.length === 32 && ed25519Public(d).equals(x)
  return key['crv'] === 'X25519' ? d.length === 32 && x.length === 32 : d.length === x.length
}

/** An Ed25519 key. */
export function mintJwk(random: Random): string {
  const seed = randomBytes(random, 32)
  const [x, d] = [ed25519Public(seed), seed].map((bytes) => bytes.toString('base64url'))
  return JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x, d })
}
