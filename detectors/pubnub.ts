/** PubNub: a version-4 UUID, written out and in base64. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid4 } from './checks/uuid.ts'

export const pubnub: readonly Detector[] = [
  prefixed({
    id: 'pubnub-secret-key',
    issuer: 'PubNub',
    kind: 'secret key',
    docs: 'https://www.pubnub.com/docs/general/setup/account-setup',
    anchors: ['sec-c-'],
    pattern: 'sec-c-[A-Za-z0-9]{48}',
    maxLength: 54,
    checkKind: 'structure',
    check: checkKey,
    mint: (random) => `sec-c-${Buffer.from(uuid4(random)).toString('base64')}`,
    revoke: 'dashboard only',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  return verdict(isUuid4(strictBase64(secret.toString('latin1', 6))?.toString('latin1') ?? ''), 60)
}
