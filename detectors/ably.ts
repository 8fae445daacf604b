/** Ably: 4, 4 and 32 bytes in base64url; short enough to need its name beside it. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const ably: readonly Detector[] = [
  prefixed({
    id: 'ably-api-key',
    issuer: 'Ably',
    kind: 'API key',
    docs: 'https://ably.com/docs/auth/basic',
    anchors: ['ably', 'Ably', 'ABLY'],
    pattern: String.raw`(?i:ably)(?:[^\n]{0,59}[^A-Za-z0-9_\n-])?([A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{6}:[A-Za-z0-9_-]{43})`,
    gate: 'words',
    notBefore: 'a-z',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 301,
    context: ['ably'],
    checkKind: 'structure',
    check: checkKey,
    mint: (random) => `ably: ${mintKey(random)}`,
    revoke: 'Ably Control API, revoke key',
  }),
]

function checkKey(secret: Buffer): CheckResult {
  const [app = '', key = '', rest = ''] = secret.toString('latin1').split(/[.:]/)
  const lengths = [app, key, rest].map((part) => strictBase64(part)?.length)
  return verdict(lengths.join(' ') === '4 4 32', 10)
}

function mintKey(random: Random): string {
  const [app, key, rest] = [4, 4, 32].map((count) => randomBytes(random, count).toString('base64url'))
  return `${app}.${key}:${rest}`
}
