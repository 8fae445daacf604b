/** X: an application token names its application; a user token is base64 of text that holds its time. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, base64url } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, passed, passedUntil } from './checks/outcome.ts'
import { between, letters, type Random, randomBytes } from './checks/random.ts'
import { inside, prefixed } from './checks/shape.ts'

export const xTwitter: readonly Detector[] = [
  prefixed({
    id: 'twitter-app-bearer-token',
    issuer: 'X',
    kind: 'app-only bearer token',
    docs: 'https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/application-only',
    anchors: ['AAAAAAAAAAAAAAAAAAAAA'],
    pattern: 'A{21}[A-Za-z0-9%]{60,130}',
    notAfter: 'A-Za-z0-9_%',
    maxLength: 160,
    checkKind: 'structure',
    check: checkBearer,
    mint: mintBearer,
    revoke: 'POST https://api.x.com/oauth2/invalidate_token with key and secret',
  }),
  inside(
    {
      id: 'twitter-oauth2-token',
      issuer: 'X',
      kind: 'OAuth 2 user token',
      docs: 'https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/user-access-token',
      anchors: ['OmF0OjE', 'OnJ0OjE'],
      pattern: '[A-Za-z0-9+/]{84}(?:OmF0OjE|OnJ0OjE)',
      notBefore: 'A-Za-z0-9+/',
      notAfter: 'A-Za-z0-9+/=',
      maxLength: 91,
      checkKind: 'structure',
      check: checkUser,
      mint: mintUser,
      revoke: 'POST https://api.x.com/2/oauth2/revoke with the client id',
    },
    84,
  ),
]

/** 16 zero bytes and the application, 20 bytes, and letters and digits; the base64 parts are percent-encoded. */
function checkBearer(secret: Buffer): CheckResult {
  const text = secret.toString('latin1').replace(/%([0-9A-F]{2})/g, (_, code: string) => fromHex(code))
  const head = strictBase64(text.slice(0, 32), { alphabet: 'standard' })
  const middle = strictBase64(text.slice(32, 60), { alphabet: 'standard', padding: 'full' })
  if (head?.length !== 24 || head.subarray(0, 16).some((byte) => byte !== 0)) return failed
  const application = head.readBigUInt64LE(16)
  if (application >= 1n << 40n || middle?.length !== 20) return failed
  if (!/^(?:[A-Za-z0-9]{42}|[A-Za-z0-9]{50})$/.test(text.slice(60))) return failed
  return passed(40, { application: String(application) })
}

function fromHex(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16))
}

function mintBearer(random: Random): string {
  const head = Buffer.alloc(24)
  head.writeBigUInt64LE(BigInt(between(random, 1_000_000, 40_000_000)), 16)
  const parts = head.toString('base64') + randomBytes(random, 20).toString('base64')
  return encodeURIComponent(parts) + letters(random, base62, 50)
}

/** Access tokens live for two hours. */
function checkUser(secret: Buffer, now: number): CheckResult {
  const text = strictBase64(secret.toString('latin1'), { alphabet: 'standard' })?.toString('latin1') ?? ''
  const parts = /^[A-Za-z0-9_-]{45}:([0-9]{13}):[0-9]:[0-9]:(at|rt):1$/.exec(text)
  if (!parts) return failed
  return passedUntil(60, parts[2] === 'at' ? Number(parts[1]) + 7_200_000 : null, now)
}

function mintUser(random: Random): string {
  const made = between(random, 1_700_000_000, 1_760_000_000)
  return Buffer.from(`${letters(random, base64url, 45)}:${made}123:1:0:rt:1`)
    .toString('base64')
    .replace(/=+$/, '')
}
