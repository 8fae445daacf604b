/** NATS: two bytes of role, a seed and a CRC-16 in base32. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { encodeBase32, strictBase32 } from './checks/base64.ts'
import { crc16Xmodem } from './checks/crc.ts'
import { failed, verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const nats: readonly Detector[] = [
  valued({
    id: 'nats-nkey-seed',
    issuer: 'key material',
    kind: 'NATS nkey seed',
    docs: 'https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth',
    context: ['nkey', 'nats', 'seed'],
    pattern: 'S[ACNOUX][A-Z2-7]{56}',
    maxLength: 58,
    check: checkSeed,
    mint: mintSeed,
    revoke: 'replace the user in the account',
  }),
]

/** Five bits say that it is a seed; the role behind them is in the pattern. */
function checkSeed(secret: Buffer): CheckResult {
  const bytes = strictBase32(secret.toString('latin1'))
  if (bytes?.length !== 36 || ((bytes[0] ?? 0) & 0xf8) !== 0x90 || ((bytes[1] ?? 0) & 7) !== 0) return failed
  return verdict(crc16Xmodem(bytes.subarray(0, 34)) === bytes.readUInt16LE(34), 16)
}

/** A user's. */
function mintSeed(random: Random): string {
  const role = 20 << 3
  const head = Buffer.from([0x90 | (role >> 5), (role & 31) << 3])
  const body = Buffer.concat([head, randomBytes(random, 32), Buffer.alloc(2)])
  body.writeUInt16LE(crc16Xmodem(body.subarray(0, 34)), 34)
  return encodeBase32(body)
}
