/** Mapbox: JSON that names a user and a token, and 16 bytes of signature. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base36, lower } from './checks/alphabets.ts'
import { base64Json, strictBase64 } from './checks/base64.ts'
import { failed, passed } from './checks/outcome.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const mapbox: readonly Detector[] = [
  prefixed({
    id: 'mapbox-secret-token',
    issuer: 'Mapbox',
    kind: 'secret token',
    docs: 'https://docs.mapbox.com/help/dive-deeper/access-tokens/',
    anchors: ['sk.eyJ'],
    pattern: String.raw`sk\.eyJ[A-Za-z0-9_-]{40,200}\.[A-Za-z0-9_-]{22}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 230,
    checkKind: 'structure',
    check: checkToken,
    mint: mintToken,
    revoke: 'DELETE https://api.mapbox.com/tokens/v2/{user}/{id} with another token',
  }),
]

function checkToken(secret: Buffer): CheckResult {
  const [, payload = '', signature = ''] = secret.toString('latin1').split('.')
  const json = base64Json(payload)
  if (typeof json?.['u'] !== 'string' || typeof json['a'] !== 'string') return failed
  return strictBase64(signature)?.length === 16 ? passed(60, { user: json['u'].slice(0, 100) }) : failed
}

function mintToken(random: Random): string {
  const json = JSON.stringify({ u: `harbour${letters(random, lower, 4)}`, a: letters(random, base36, 25) })
  return `sk.${Buffer.from(json).toString('base64url')}.${randomBytes(random, 16).toString('base64url')}`
}
