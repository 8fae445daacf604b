/** JetBrains: login and token number in base64, then a secret. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, passed } from './checks/outcome.ts'
import { between, letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const jetbrains: readonly Detector[] = [
  prefixed({
    id: 'jetbrains-permanent-token',
    issuer: 'JetBrains',
    kind: 'YouTrack, Hub permanent token',
    docs: 'https://www.jetbrains.com/help/youtrack/server/manage-permanent-token.html',
    anchors: ['perm:', 'perm-'],
    pattern: String.raw`perm[:-][A-Za-z0-9+/]{2,86}={0,2}\.[A-Za-z0-9+/]{3,20}={0,2}\.[A-Za-z0-9]{30}`,
    maxLength: 150,
    checkKind: 'structure',
    check: checkPermanent,
    mint: mintPermanent,
    revoke: 'dashboard only',
  }),
]

function checkPermanent(secret: Buffer): CheckResult {
  const [first = '', second = ''] = secret.toString('latin1', 5).split('.')
  const [login, number] = [first, second].map((part) =>
    strictBase64(part, { alphabet: 'standard', padding: 'any' })?.toString('latin1'),
  )
  if (!login || !/^[\x20-\x7e]+$/.test(login) || !/^[0-9]+-[0-9]+$/.test(number ?? '')) return failed
  return passed(24, { login })
}

function mintPermanent(random: Random): string {
  const number = `${between(random, 10, 99)}-${between(random, 100, 999)}`
  const parts = ['deploy', number].map((part) => Buffer.from(part).toString('base64'))
  return `perm:${parts.join('.')}.${letters(random, base62, 30)}`
}
