/** Stellar: a version byte, a seed and a CRC-16 in base32 (SEP-23). */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { encodeBase32, strictBase32 } from './checks/base64.ts'
import { crc16Xmodem } from './checks/crc.ts'
import { failed, verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const stellar: readonly Detector[] = [
  valued({
    id: 'stellar-secret-seed',
    issuer: 'key material',
    kind: 'Stellar secret seed',
    docs: 'https://github.com/stellar/stellar-protocol/blob/master/ecosystem/sep-0023.md',
    context: ['stellar', 'seed', 'secret'],
    pattern: 'S[A-Z2-7]{55}',
    maxLength: 56,
    check: checkSeed,
    mint: mintSeed,
    revoke: 'move the funds',
  }),
]

const version = 0x90

function checkSeed(secret: Buffer): CheckResult {
  const bytes = strictBase32(secret.toString('latin1'))
  if (bytes?.length !== 35 || bytes[0] !== version) return failed
  return verdict(crc16Xmodem(bytes.subarray(0, 33)) === bytes.readUInt16LE(33), 16)
}

function mintSeed(random: Random): string {
  const body = Buffer.concat([Buffer.from([version]), randomBytes(random, 32), Buffer.alloc(2)])
  body.writeUInt16LE(crc16Xmodem(body.subarray(0, 33)), 33)
  return encodeBase32(body)
}
