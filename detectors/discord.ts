/** Discord: a bot token names its bot, then holds 32 random bytes (24 in the old form) cut in two by a dot. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, passed } from './checks/outcome.ts'
import { between, type Random, randomBytes } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'

export const discord: readonly Detector[] = [
  valued({
    id: 'discord-bot-token',
    issuer: 'Discord',
    kind: 'bot token',
    docs: 'https://discord.com/developers/docs/reference#authentication',
    context: ['bot', 'discord', 'login', 'token'],
    pattern: String.raw`[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 74,
    checkKind: 'structure',
    check: checkBot,
    mint: mintBot,
    revoke: 'Discord resets bot tokens found on GitHub; else dashboard',
  }),
  prefixed({
    id: 'discord-webhook-url',
    issuer: 'Discord',
    kind: 'webhook',
    docs: 'https://discord.com/developers/docs/resources/webhook',
    anchors: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    pattern: String.raw`discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 140,
    revoke: 'DELETE the webhook address itself without authentication',
  }),
]

/** First of January 2015 in milliseconds: Discord counts from there. */
const epoch = 1_420_070_400_000

function checkBot(secret: Buffer, now: number): CheckResult {
  const [first = '', middle = '', last = ''] = secret.toString('latin1').split('.')
  const bot = strictBase64(first)?.toString('latin1') ?? ''
  if (!/^[0-9]{17,20}$/.test(bot)) return failed
  if (Number(BigInt(bot) >> 22n) + epoch > now + 86_400_000) return failed
  const good =
    last.length === 38
      ? middle.startsWith('G') && strictBase64(middle.slice(1) + last)?.length === 32
      : last.length === 27 && strictBase64(middle)?.length === 4 && strictBase64(last)?.length === 20
  return good ? passed(60, { bot }) : failed
}

function mintBot(random: Random): string {
  const made = BigInt(between(random, 1_500_000_000, 1_750_000_000)) * 1000n - BigInt(epoch)
  const bot = (made << 22n) + BigInt(between(random, 0, 4_194_303))
  const body = `G${randomBytes(random, 32).toString('base64url')}`
  return `${Buffer.from(String(bot)).toString('base64url')}.${body.slice(0, 6)}.${body.slice(6)}`
}
