/** SendGrid: 16 and 32 bytes in base64url. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const sendgrid: readonly Detector[] = [
  prefixed({
    id: 'sendgrid-api-key',
    issuer: 'SendGrid',
    kind: 'API key',
    docs: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
    anchors: ['SG.'],
    pattern: String.raw`SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 69,
    checkKind: 'structure',
    check: checkParts,
    mint: (random) =>
      `SG.${randomBytes(random, 16).toString('base64url')}.${randomBytes(random, 32).toString('base64url')}`,
    revoke: 'DELETE https://api.sendgrid.com/v3/api_keys/{middle part} with a key of that scope',
  }),
]

function checkParts(secret: Buffer): CheckResult {
  const [, id = '', rest = ''] = secret.toString('latin1').split('.')
  return verdict(strictBase64(id)?.length === 16 && strictBase64(rest)?.length === 32, 6)
}
