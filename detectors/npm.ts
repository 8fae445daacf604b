/** npm: access tokens of the public registry, in GitHub's style. */
import type { CheckResult, CheckSurroundings, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { crcBase62, crcCheck, crcMint } from './checks/crc-tokens.ts'
import { failed, passed, verdict } from './checks/outcome.ts'
import { letters } from './checks/random.ts'
import { isStandIn } from './checks/reference.ts'
import { inside, prefixed } from './checks/shape.ts'

export const npm: readonly Detector[] = [
  prefixed({
    id: 'npm-access-token',
    issuer: 'npm',
    kind: 'granular, automation or publish token',
    docs: 'https://docs.npmjs.com/about-access-tokens',
    anchors: ['npm_'],
    pattern: 'npm_[A-Za-z0-9]{36}',
    maxLength: 40,
    check: crcCheck(crcBase62, 4),
    revoke: 'list with GET /-/npm/v1/tokens, then DELETE /-/npm/v1/tokens/token/{key}',
    mint: crcMint(crcBase62, 'npm_', base62, 30),
  }),
  inside(
    {
      id: 'npmrc-auth',
      issuer: 'npm',
      kind: 'registry login in .npmrc',
      docs: 'https://docs.npmjs.com/cli/configuring-npm/npmrc',
      anchors: [':_auth', ':_password'],
      pattern: '//[A-Za-z0-9._:/-]{1,200}:_(?:authToken|auth|password)[= ]([A-Za-z0-9+/=._~${}-]{1,512})',
      notBefore: '',
      notAfter: '',
      maxLength: 726,
      checkKind: 'structure',
      check: checkNpmrc,
      revoke: 'as the token inside',
      mint: (random) => `//registry.example.net/:_authToken=${letters(random, base62, 36)}`,
    },
    202,
  ),
  prefixed({
    id: 'npmrc-legacy-auth',
    issuer: 'npm',
    kind: 'registry login in .npmrc without a registry',
    docs: 'https://docs.npmjs.com/cli/configuring-npm/npmrc',
    anchors: ['_auth=', '_auth ='],
    pattern: String.raw`_auth[ \t]{0,4}=[ \t]{0,4}["']?([A-Za-z0-9+/]{8,512}={0,2})`,
    notBefore: 'A-Za-z0-9_:$.-',
    notAfter: 'A-Za-z0-9+/=_-',
    maxLength: 540,
    checkKind: 'structure',
    check: checkLegacy,
    revoke: 'as the password inside',
    mint: (random) => `_auth = ${Buffer.from(`deploy:${letters(random, base62, 17)}`).toString('base64')}`,
  }),
]

/** Base64 of user and password. */
function checkLegacy(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })
  return verdict(bytes !== null && /^[\x20-\x7e]+:[\x20-\x7e]{3,}$/.test(bytes.toString('latin1')), 8)
}

/** Tokens may have any form; `_auth` is base64 of user and password, `_password` is base64. */
function checkNpmrc(secret: Buffer, _now: number, around?: CheckSurroundings): CheckResult {
  const value = secret.toString('latin1')
  if (isStandIn(value) || value.length < 6) return failed
  const name = /:_(authToken|auth|password)[= ]/.exec(around?.match.toString('latin1') ?? '')?.[1]
  if (name === 'authToken' || name === undefined) return passed(1)
  const bytes = strictBase64(value, { alphabet: 'standard', padding: 'any' })
  return verdict(bytes !== null && (name === 'password' || /^[^:]+:.+$/.test(bytes.toString('latin1'))), 8)
}
