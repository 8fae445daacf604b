/** Kingsoft Cloud: a version-4 UUID in base64url. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid4 } from './checks/uuid.ts'

export const kingsoft: readonly Detector[] = [
  prefixed({
    id: 'kingsoft-cloud-access-key-id',
    issuer: 'Kingsoft Cloud',
    kind: 'access key id',
    docs: 'https://endocs.ksyun.com/documents/40296',
    anchors: ['AKLT'],
    pattern: 'AKLT[A-Za-z0-9_-]{22}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 26,
    checkKind: 'structure',
    check: checkId,
    mint: (random) => `AKLT${Buffer.from(uuid4(random).replaceAll('-', ''), 'hex').toString('base64url')}`,
    revoke: 'IAM DeleteAccessKey',
  }),
]

function checkId(secret: Buffer): CheckResult {
  return verdict(isUuid4(strictBase64(secret.toString('latin1', 4))?.toString('hex') ?? ''), 10)
}
