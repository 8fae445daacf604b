/** ngrok: a KSUID, which begins with the time it was made, and about 20 letters and digits. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, decodeNumber, encodeNumber } from './checks/alphabets.ts'
import { failed, verdict } from './checks/outcome.ts'
import { between, letters, type Random, randomBytes } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const ngrok: readonly Detector[] = [
  valued({
    id: 'ngrok-authtoken',
    issuer: 'ngrok',
    kind: 'authtoken',
    docs: 'https://ngrok.com/docs/api/resources/tunnel-authtokens',
    context: ['ngrok', 'authtoken'],
    pattern: '[0-3][A-Za-z0-9]{26}_[A-Za-z0-9]{19,21}',
    maxLength: 49,
    checkKind: 'structure',
    check: checkToken,
    mint: mintToken,
    revoke: 'DELETE https://api.ngrok.com/credentials/{id}',
  }),
]

/** KSUIDs count from here, in Unix seconds. */
const epoch = 1_400_000_000

/** First of January 2017: the service's ids are younger. */
const earliest = 1_483_228_800

function checkToken(secret: Buffer, now: number): CheckResult {
  const id = decodeNumber(secret.toString('latin1', 0, 27), base62)
  if (id === null || id >= 1n << 160n) return failed
  const made = Number(id >> 128n) + epoch
  return verdict(made >= earliest && made * 1000 <= now + 86_400_000, 5)
}

function mintToken(random: Random): string {
  const made = BigInt(between(random, 1_600_000_000, 1_750_000_000) - epoch)
  const id = (made << 128n) | BigInt(`0x${randomBytes(random, 16).toString('hex')}`)
  return `${encodeNumber(id, base62, 27)}_${letters(random, base62, 21)}`
}
