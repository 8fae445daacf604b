/** Meta: tokens of Facebook, WhatsApp and Instagram in a base64 without signs; Facebook's name their application. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { readMeta, writeMeta } from './checks/meta-base64.ts'
import { failed, passed, verdict } from './checks/outcome.ts'
import { between, type Random, randomBytes } from './checks/random.ts'
import { inside, prefixed } from './checks/shape.ts'

export const meta: readonly Detector[] = [
  prefixed({
    id: 'facebook-access-token',
    issuer: 'Meta',
    kind: 'Facebook or WhatsApp access token',
    docs: 'https://developers.facebook.com/docs/facebook-login/guides/access-tokens/',
    anchors: ['EAA'],
    pattern: 'EAA[A-Za-z0-9]{80,500}',
    maxLength: 503,
    checkKind: 'structure',
    check: checkFacebook,
    mint: mintFacebook,
    revoke: 'DELETE https://graph.facebook.com/me/permissions with the token',
  }),
  inside(
    {
      id: 'facebook-app-token',
      issuer: 'Meta',
      kind: 'Facebook app token',
      docs: 'https://developers.facebook.com/docs/facebook-login/guides/access-tokens/',
      anchors: ['0|', '1|', '2|', '3|', '4|', '5|', '6|', '7|', '8|', '9|'],
      pattern: String.raw`[0-9]{13,17}\|[A-Za-z0-9_-]{27}`,
      notAfter: 'A-Za-z0-9_-',
      maxLength: 45,
      minEntropy: 3.5,
      revoke: 'reset the app secret',
    },
    17,
  ),
  prefixed({
    id: 'instagram-basic-token',
    issuer: 'Meta',
    kind: 'Instagram Basic Display token',
    docs: 'https://developers.facebook.com/docs/instagram-platform',
    anchors: ['IGQV'],
    pattern: 'IGQV[A-Za-z0-9]{100,250}',
    maxLength: 254,
    checkKind: 'structure',
    check: checkInstagram,
    mint: mintInstagram,
    revoke: 'the user removes the app',
  }),
]

/** Behind the first letter: the application's number, a byte 01, and what is opaque. */
function checkFacebook(secret: Buffer): CheckResult {
  const bytes = readMeta(secret.toString('latin1', 1))
  if (!bytes || bytes.length < 40 || bytes[8] !== 1) return failed
  const application = bytes.readBigUInt64BE(0)
  if (application < 10n ** 8n || application > 10n ** 17n) return failed
  return passed(20, { application: String(application) })
}

function mintFacebook(random: Random): string {
  const head = Buffer.alloc(9, 1)
  head.writeBigUInt64BE(BigInt(between(random, 100_000_000_000_000, 900_000_000_000_000)))
  return `E${writeMeta(Buffer.concat([head, randomBytes(random, 120)]))}`
}

/** Base64 of base64url of 84 bytes that begin 01 15. */
function checkInstagram(secret: Buffer): CheckResult {
  const inner = readMeta(secret.toString('latin1', 2))?.toString('latin1') ?? ''
  const bytes = strictBase64(inner)
  return verdict(bytes?.length === 84 && bytes.readUInt16BE(0) === 0x0115, 60)
}

function mintInstagram(random: Random): string {
  const bytes = Buffer.concat([Buffer.from([0x01, 0x15]), randomBytes(random, 82)])
  return `IG${writeMeta(Buffer.from(bytes.toString('base64url')))}`
}
