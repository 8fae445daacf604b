/** Volcano Engine: a version-4 UUID in hex digits, in base64 once (id) or twice (secret). */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, uuid4 } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'
import { isUuid4 } from './checks/uuid.ts'

export const volcengine: readonly Detector[] = [
  prefixed({
    id: 'volcengine-access-key-id',
    issuer: 'Volcano Engine',
    kind: 'access key id',
    docs: 'https://www.volcengine.com/docs/6291/65568',
    anchors: ['AKLT'],
    pattern: 'AKLT[A-Za-z0-9]{43}',
    maxLength: 47,
    checkKind: 'structure',
    check: (secret) => checkText(secret.toString('latin1', 4)),
    pair: { with: 'volcengine-secret-access-key', within: 400 },
    mint: (random) => `AKLT${mintText(random)}`,
    revoke: 'IAM DeleteAccessKey',
  }),
  valued({
    id: 'volcengine-secret-access-key',
    issuer: 'Volcano Engine',
    kind: 'secret access key',
    docs: 'https://www.volcengine.com/docs/6291/65568',
    context: ['AKLT', 'volc'],
    pattern: '[A-Za-z0-9]{58}==',
    notBefore: 'A-Za-z0-9+/',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 60,
    checkKind: 'structure',
    check: checkSecret,
    mint: (random) => Buffer.from(mintText(random)).toString('base64'),
    revoke: 'IAM DeleteAccessKey',
  }),
]

/** Base64 of 32 hex digits, without padding. */
function checkText(text: string): CheckResult {
  return verdict(isUuid4(strictBase64(text)?.toString('latin1') ?? ''), 60)
}

function checkSecret(secret: Buffer): CheckResult {
  const inner = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  return checkText(inner?.toString('latin1') ?? '')
}

function mintText(random: Random): string {
  return Buffer.from(uuid4(random).replaceAll('-', '')).toString('base64').replace(/=+$/, '')
}
