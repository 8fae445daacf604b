/** OneSignal: base32 of two version-4 UUIDs, the first being the app, and 32 bytes. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base32 } from './checks/alphabets.ts'
import { encodeBase32, strictBase32 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid4 } from './checks/uuid.ts'

export const onesignal: readonly Detector[] = [
  prefixed({
    id: 'onesignal-api-key',
    issuer: 'OneSignal',
    kind: 'app API key',
    docs: 'https://documentation.onesignal.com/docs/en/keys-and-ids',
    anchors: ['os_v2_app_'],
    pattern: 'os_v2_app_[a-z2-7]{103}',
    maxLength: 113,
    checkKind: 'structure',
    check: checkKey,
    mint: mintKey,
    revoke: 'DELETE /apps/{app}/auth/tokens/{id}',
  }),
]

const small = base32.toLowerCase()

function checkKey(secret: Buffer): CheckResult {
  const text = strictBase32(secret.toString('latin1', 10), small)?.toString('hex') ?? ''
  return verdict(isUuid4(text.slice(0, 32)) && isUuid4(text.slice(32, 64)), 15)
}

function mintKey(random: Random): string {
  const ids = [uuid4(random), uuid4(random)].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'))
  return `os_v2_app_${encodeBase32(Buffer.concat([...ids, randomBytes(random, 32)]), small)}`
}
