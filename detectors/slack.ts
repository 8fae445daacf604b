/** Slack: configuration tokens decode to numbers and a digest; the others have a shape alone. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { digits, hex } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { between, letters, type Random } from './checks/random.ts'
import { prefixed, type Shape } from './checks/shape.ts'

const revoke = 'POST https://slack.com/api/auth.revoke with the token'
const docs = 'https://api.slack.com/authentication/token-types'

export const slack: readonly Detector[] = [
  token({
    id: 'slack-bot-token',
    kind: 'bot token',
    anchors: ['xoxb-'],
    pattern: 'xoxb-[0-9]{10,13}-[0-9]{10,13}-[A-Za-z0-9]{24}',
    maxLength: 57,
  }),
  token({
    id: 'slack-user-token',
    kind: 'user token',
    anchors: ['xoxp-', 'xoxe-'],
    pattern: 'xox[pe]-[0-9]{10,13}-[0-9]{10,13}-[0-9]{10,13}-[0-9a-f]{28,34}',
    maxLength: 84,
  }),
  token({
    id: 'slack-app-token',
    kind: 'app-level token',
    anchors: ['xapp-'],
    pattern: 'xapp-[0-9]-A[A-Z0-9]{8,12}-[0-9]{10,14}-[0-9a-f]{64}',
    maxLength: 105,
  }),
  token({
    id: 'slack-legacy-token',
    kind: 'session, legacy or workspace token',
    anchors: ['xoxc-', 'xoxs-', 'xoxa-', 'xoxr-'],
    pattern: 'xox[csar]-(?:2-)?[0-9]{6,13}-[0-9]{6,13}-[A-Za-z0-9-]{20,120}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 160,
  }),
  token({
    id: 'slack-session-cookie',
    kind: 'd cookie',
    anchors: ['xoxd-'],
    pattern: 'xoxd-[A-Za-z0-9%/+=_-]{60,300}',
    notAfter: 'A-Za-z0-9%/+=_-',
    maxLength: 306,
    revoke: 'sign out',
  }),
  token({
    id: 'slack-config-access-token',
    kind: 'configuration access token',
    anchors: ['xoxe.xoxp-1-', 'xoxe.xoxb-1-'],
    pattern: String.raw`xoxe\.xox[bp]-1-[A-Za-z0-9+/]{140,190}`,
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 202,
    checkKind: 'structure',
    check: (secret) => checkConfig(secret, 12, /^2-2-\d+-\d+-\d+-\d+-[0-9a-f]{64}$/),
    mint: (random) => mintConfig(random, 'xoxe.xoxp-1-', '2-2', 4),
  }),
  token({
    id: 'slack-config-refresh-token',
    kind: 'configuration refresh token',
    anchors: ['xoxe-1-'],
    pattern: 'xoxe-1-[A-Za-z0-9+/]{130,170}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 177,
    checkKind: 'structure',
    check: (secret) => checkConfig(secret, 7, /^3-1-\d+-\d+-\d+-[0-9a-f]{64}$/),
    mint: (random) => mintConfig(random, 'xoxe-1-', '3-1', 3),
  }),
  token({
    id: 'slack-webhook-url',
    kind: 'incoming webhook',
    docs: 'https://api.slack.com/messaging/webhooks',
    anchors: ['hooks.slack.com'],
    pattern: String.raw`hooks\.slack\.com/(?:services/T[A-Za-z0-9]{8,12}/B[A-Za-z0-9]{8,12}/[A-Za-z0-9]{24}|workflows/[A-Za-z0-9+/]{40,60})`,
    maxLength: 110,
    revoke: 'app settings',
  }),
]

function token(
  shape: Omit<Shape, 'issuer' | 'docs'> & { anchors: readonly string[]; docs?: string },
): Detector {
  return prefixed({ issuer: 'Slack', docs, revoke, ...shape })
}

function checkConfig(secret: Buffer, prefixLength: number, form: RegExp): CheckResult {
  const bytes = strictBase64(secret.toString('latin1').slice(prefixLength), { alphabet: 'standard' })
  return verdict(bytes !== null && form.test(bytes.toString('latin1')), 60)
}

/** The text must fill whole groups of base64, since the tokens carry no padding: the last number grows until it does. */
function mintConfig(random: Random, prefix: string, head: string, numbers: number): string {
  const parts = Array.from({ length: numbers }, () =>
    String(between(random, 1_000_000_000_000, 9_999_999_999_999)),
  )
  let text = `${head}-${parts.join('-')}`
  while ((text.length + 65) % 3 !== 0) text += letters(random, digits, 1)
  return prefix + Buffer.from(`${text}-${letters(random, hex, 64)}`).toString('base64')
}
