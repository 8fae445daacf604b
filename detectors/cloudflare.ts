/** Cloudflare: tokens of 2026 end with a CRC-32 in hex; the older ones have no form of their own. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, hex } from './checks/alphabets.ts'
import { base64Json, strictBase64 } from './checks/base64.ts'
import { crcCheck, crcHex, crcMint } from './checks/crc-tokens.ts'
import { failed, passed } from './checks/outcome.ts'
import { letters, type Random, randomBytes, uuid4 } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'
import { isUuid } from './checks/uuid.ts'

export const cloudflare: readonly Detector[] = [
  prefixed({
    id: 'cloudflare-global-api-key',
    issuer: 'Cloudflare',
    kind: 'global API key',
    docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    anchors: ['cfk_'],
    pattern: 'cfk_[A-Za-z0-9]{40}[0-9a-f]{8}',
    maxLength: 52,
    check: crcCheck(crcHex, 4),
    mint: crcMint(crcHex, 'cfk_', base62, 40),
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'cloudflare-user-api-token',
    issuer: 'Cloudflare',
    kind: 'user API token',
    docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    anchors: ['cfut_'],
    pattern: 'cfut_[A-Za-z0-9]{40}[0-9a-f]{8}',
    maxLength: 53,
    check: crcCheck(crcHex, 5),
    mint: crcMint(crcHex, 'cfut_', base62, 40),
    revoke:
      'GET /client/v4/user/tokens/verify names the id, then DELETE /client/v4/user/tokens/{id} (Bearer; needs the token-edit permission)',
  }),
  prefixed({
    id: 'cloudflare-account-api-token',
    issuer: 'Cloudflare',
    kind: 'account API token',
    docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    anchors: ['cfat_'],
    pattern: 'cfat_[A-Za-z0-9]{40}[0-9a-f]{8}',
    maxLength: 53,
    check: crcCheck(crcHex, 5),
    mint: crcMint(crcHex, 'cfat_', base62, 40),
    revoke:
      'GET /client/v4/user/tokens/verify names the id, then DELETE /client/v4/user/tokens/{id} (Bearer; needs the token-edit permission)',
  }),
  prefixed({
    id: 'cloudflare-access-service-token',
    issuer: 'Cloudflare',
    kind: 'Access service token secret (2026)',
    docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    anchors: ['cfast_'],
    pattern: 'cfast_[A-Za-z0-9]{20,100}',
    maxLength: 106,
    revoke: 'dashboard only',
  }),
  valued({
    id: 'cloudflare-api-token-legacy',
    issuer: 'Cloudflare',
    kind: 'API token before 2026',
    docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    context: ['cloudflare', 'cf_api'],
    contextWithin: 60,
    pattern: '[A-Za-z0-9_-]{40}',
    notAfter: 'A-Za-z0-9_-',
    notBefore: 'A-Za-z0-9_-',
    maxLength: 40,
    minEntropy: 3.8,
    revoke:
      'GET /client/v4/user/tokens/verify names the id, then DELETE /client/v4/user/tokens/{id} (Bearer; needs the token-edit permission)',
  }),
  prefixed({
    id: 'cloudflare-origin-ca-key',
    issuer: 'Cloudflare',
    kind: 'origin CA key',
    docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    anchors: ['v1.0-'],
    pattern: String.raw`v1\.0-[0-9a-f]{24}-[0-9a-f]{146}`,
    maxLength: 176,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'cloudflare-tunnel-token',
    issuer: 'Cloudflare',
    kind: 'tunnel token',
    docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    anchors: ['eyJhIjoi'],
    pattern: 'eyJhIjoi[A-Za-z0-9+/]{100,400}={0,2}',
    notAfter: 'A-Za-z0-9+/=_',
    maxLength: 412,
    checkKind: 'structure',
    check: checkTunnel,
    mint: mintTunnel,
    revoke: 'delete or rotate the tunnel (PATCH …/cfd_tunnel/{id})',
  }),
]

function checkTunnel(secret: Buffer): CheckResult {
  const json = base64Json(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })
  const [account, tunnel, key] = [json?.['a'], json?.['t'], json?.['s']]
  if (
    typeof account !== 'string' ||
    !/^[0-9a-f]{32}$/.test(account) ||
    !isUuid(tunnel) ||
    typeof key !== 'string'
  )
    return failed
  const bytes = strictBase64(key, { alphabet: 'standard', padding: 'full' })
  return bytes && bytes.length >= 16 ? passed(60, { account }) : failed
}

function mintTunnel(random: Random): string {
  const json = {
    a: letters(random, hex, 32),
    t: uuid4(random),
    s: randomBytes(random, 32).toString('base64'),
  }
  return Buffer.from(JSON.stringify(json)).toString('base64')
}
