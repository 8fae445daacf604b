/** GitHub: classic tokens with a CRC-32, fine-grained ones with a truncated SHA-256, stateless ones around a JWT. */
import { createHash } from 'node:crypto'
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, digits } from './checks/alphabets.ts'
import { encodeBase32 } from './checks/base64.ts'
import { crcBase62, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { judgeJwt, mintJwt, parseJwt } from './checks/jwt.ts'
import { verdict } from './checks/outcome.ts'
import { between, letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

const docs =
  'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github'
const revokeApi = 'POST https://api.github.com/credentials/revoke without authentication; final'
const probe = { get: 'https://api.github.com/user', auth: 'bearer', active: [200], inactive: [401] } as const

export const github: readonly Detector[] = [
  classic('github-pat-classic', 'personal access token (classic)', 'ghp_', 30, revokeApi),
  classic('github-oauth-token', 'OAuth app token', 'gho_', 30, revokeApi),
  classic('github-user-to-server-token', 'GitHub App user token', 'ghu_', 30, revokeApi),
  classic(
    'github-app-installation-token',
    'GitHub App installation token',
    'ghs_',
    30,
    'DELETE https://api.github.com/installation/token with the token itself',
  ),
  prefixed({
    id: 'github-app-installation-token-stateless',
    issuer: 'GitHub',
    kind: 'GitHub App installation token, stateless',
    docs: 'https://github.blog/changelog/',
    anchors: ['ghs_'],
    pattern: String.raw`ghs_[0-9]{1,20}_eyJ[A-Za-z0-9_-]{10,900}\.eyJ[A-Za-z0-9_-]{10,900}\.[A-Za-z0-9_-]{40,900}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 2733,
    checkKind: 'structure',
    check: checkStateless,
    revoke: 'DELETE https://api.github.com/installation/token with the token itself; over after an hour',
    mint: mintStateless,
    near: () => [`ghs_${'1'.repeat(6)}_eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfX19fX19fX0.${'Q'.repeat(43)}`],
  }),
  classic('github-refresh-token', 'GitHub App refresh token', 'ghr_', 70, revokeApi),
  prefixed({
    id: 'github-pat-fine-grained',
    issuer: 'GitHub',
    kind: 'personal access token (fine-grained)',
    docs,
    anchors: ['github_pat_'],
    pattern: 'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}',
    maxLength: 93,
    check: checkFineGrained,
    probe,
    revoke: revokeApi,
    mint: mintFineGrained,
  }),
]

function classic(id: string, kind: string, prefix: string, body: number, revoke: string): Detector {
  return prefixed({
    id,
    issuer: 'GitHub',
    kind,
    docs,
    anchors: [prefix],
    pattern: `${prefix}[A-Za-z0-9]{${body + 6}}`,
    maxLength: prefix.length + body + 6,
    check: crcCheck(crcBase62, prefix.length),
    ...(prefix === 'ghp_' || prefix === 'gho_' ? { probe } : {}),
    revoke,
    mint: crcMint(crcBase62, prefix, base62, body),
  })
}

function checkStateless(secret: Buffer, now: number): CheckResult {
  return judgeJwt(parseJwt(secret.toString('latin1').replace(/^ghs_[0-9]+_/, '')), now)
}

function mintStateless(random: Random): string {
  const app = String(between(random, 100_000, 2_000_000))
  const payload = { iss: app, jti: letters(random, base62, 40), exp: 4_102_444_800 }
  return `ghs_${app}_${mintJwt(random, payload, { alg: 'RS256', typ: 'JWT' }, 256)}`
}

/** Characters 77 to 84 are the first 40 bits of SHA-256 over the 77 before them; the last 8 mean nothing known. */
function checkFineGrained(secret: Buffer): CheckResult {
  return verdict(fineGrainedSum(secret.subarray(0, 77)) === secret.toString('latin1', 77, 85), 40)
}

function fineGrainedSum(head: Uint8Array): string {
  return encodeBase32(createHash('sha256').update(head).digest().subarray(0, 5))
}

function mintFineGrained(random: Random): string {
  const account = `11${letters(random, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 7)}0`
  const head = `github_pat_${account}${letters(random, base62, 12)}_${letters(random, base62, 43)}`
  return head + fineGrainedSum(Buffer.from(head)) + letters(random, base62 + digits, 8)
}
