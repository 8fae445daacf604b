/** Telegram: the bot's number, and 26 bytes that begin 00 01. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, passed } from './checks/outcome.ts'
import { between, type Random, randomBytes } from './checks/random.ts'
import { inside } from './checks/shape.ts'

export const telegram: readonly Detector[] = [
  inside(
    {
      id: 'telegram-bot-token',
      issuer: 'Telegram',
      kind: 'bot token',
      docs: 'https://core.telegram.org/bots/api#authorizing-your-bot',
      anchors: [':AAE', ':AAF', ':AAG', ':AAH'],
      pattern: '[0-9]{8,10}:AA[E-H][A-Za-z0-9_-]{32}',
      notAfter: 'A-Za-z0-9_-',
      maxLength: 46,
      checkKind: 'structure',
      check: checkToken,
      mint: mintToken,
      revoke: '/revoke in BotFather',
    },
    10,
  ),
]

/** What the letters before do not say yet is in two unused bits. */
function checkToken(secret: Buffer): CheckResult {
  const [bot = '', token = ''] = secret.toString('latin1').split(':')
  return strictBase64(token)?.length === 26 ? passed(2, { bot }) : failed
}

function mintToken(random: Random): string {
  const bytes = Buffer.concat([Buffer.from([0, 1]), randomBytes(random, 24)])
  return `${between(random, 20_000_000, 7_999_999_999)}:${bytes.toString('base64url')}`
}
