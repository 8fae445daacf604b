/** Tinybird: JSON that names a workspace and a token, and 32 bytes of signature. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base64Json, strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid } from './checks/uuid.ts'

export const tinybird: readonly Detector[] = [
  prefixed({
    id: 'tinybird-token',
    issuer: 'Tinybird',
    kind: 'token',
    docs: 'https://www.tinybird.co/docs/administration/auth-tokens',
    anchors: ['p.eyJ'],
    pattern: String.raw`p\.eyJ[A-Za-z0-9_-]{60,300}\.[A-Za-z0-9_-]{43}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 350,
    checkKind: 'structure',
    check: checkToken,
    mint: mintToken,
    revoke: 'DELETE /v0/tokens/{id} with an admin token',
  }),
]

function checkToken(secret: Buffer): CheckResult {
  const [, payload = '', signature = ''] = secret.toString('latin1').split('.')
  const json = base64Json(payload)
  return verdict(isUuid(json?.['u']) && isUuid(json?.['id']) && strictBase64(signature)?.length === 32, 60)
}

function mintToken(random: Random): string {
  const json = JSON.stringify({ u: uuid4(random), id: uuid4(random), host: 'eu_shared' })
  return `p.${Buffer.from(json).toString('base64url')}.${randomBytes(random, 32).toString('base64url')}`
}
