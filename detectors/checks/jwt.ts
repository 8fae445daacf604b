/**
 * JSON Web Tokens (RFC 7515, 7518, 7519) read without a key: strict base64url, JSON in the first two parts,
 * and a signature as long as the algorithm makes it. Many issuers wrap one, so it is shared.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { base64Json, strictBase64 } from './base64.ts'
import { failed, passedUntil } from './outcome.ts'
import { type Random, randomBytes } from './random.ts'

/** Signature bytes by algorithm; RSA by key size from 1024 to 4096 bits. */
const rsa = [128, 256, 384, 512]
const signatureBytes: Readonly<Record<string, readonly number[]>> = {
  HS256: [32],
  HS384: [48],
  HS512: [64],
  ES256: [64],
  ES256K: [64],
  ES384: [96],
  ES512: [132],
  EdDSA: [64, 114],
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
}

export interface Jwt {
  header: Record<string, unknown>
  payload: Record<string, unknown>
}

/** The parts of `text`, or null where it is no signed JWT. */
export function parseJwt(text: string): Jwt | null {
  const [first, second, third, more] = text.split('.')
  if (first === undefined || second === undefined || !third || more !== undefined) return null
  const header = base64Json(first)
  const payload = base64Json(second)
  const signature = strictBase64(third)
  if (!header || !payload || !signature || typeof header['alg'] !== 'string') return null
  return signatureBytes[header['alg']]?.includes(signature.length) ? { header, payload } : null
}

/** The verdict on a parsed JWT: a pass, over when `exp` is past. */
export function judgeJwt(jwt: Jwt | null, now: number): CheckResult {
  if (!jwt) return failed
  const facts: Record<string, string> = {}
  const issuer = jwt.payload['iss']
  if (typeof issuer === 'string') facts['issuer'] = issuer.slice(0, 200)
  const expires = jwt.payload['exp']
  return passedUntil(40, typeof expires === 'number' ? expires * 1000 : null, now, facts)
}

/** A made-up signed JWT. */
export function mintJwt(
  random: Random,
  payload: Record<string, unknown>,
  header: Record<string, unknown> = { alg: 'HS256', typ: 'JWT' },
  signature = 32,
): string {
  const parts = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  return [...parts, randomBytes(random, signature).toString('base64url')].join('.')
}
