/**
 * OpenPGP private key blocks: CRC-24 of the armour where there is one, a secret-key packet first, and in an unencrypted
 * one the sum of its secret numbers. Sources: RFC 4880 sections 5.5.3 and 6, RFC 9580 section 5.5.3.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { strictBase64 } from './base64.ts'
import { crc24 } from './crc.ts'
import { failed, notApplicable, passed, verdict } from './outcome.ts'
import { bareLine, plainLines } from './pem.ts'
import { ed25519Public } from './private-key.ts'
import { type Random, randomBytes } from './random.ts'

const form = { alphabet: 'standard', padding: 'full' } as const

export function checkPgp(secret: Buffer): CheckResult {
  const lines = plainLines(secret.toString('latin1')).split('\n').map(bareLine).slice(1, -1)
  const body = lines.filter((line) => !line.includes(': ') && !/^=[A-Za-z0-9+/]{4}$/.test(line)).join('')
  const sum = lines.find((line) => /^=[A-Za-z0-9+/]{4}$/.test(line))
  const bytes = strictBase64(body, form)
  if (!bytes || bytes.length < 40) return failed
  if (sum && strictBase64(sum.slice(1), form)?.readUIntBE(0, 3) !== crc24(bytes)) return failed
  const packet = firstPacket(bytes)
  return packet ? judgePacket(packet, sum !== undefined) : failed
}

/** The body of the first packet, where that is a secret key. */
function firstPacket(bytes: Buffer): Buffer | null {
  const [tag = 0, first = 0, second = 0] = bytes
  if ((tag & 0xc0) === 0xc0) {
    if ((tag & 0x3f) !== 5) return null
    if (first < 192) return bytes.subarray(2, 2 + first)
    if (first < 224) return bytes.subarray(3, 3 + ((first - 192) << 8) + second + 192)
    return first === 255 ? bytes.subarray(6, 6 + bytes.readUInt32BE(2)) : null
  }
  if ((tag & 0xbc) !== 0x94) return null
  const size = [1, 2, 4][tag & 3]
  return size ? bytes.subarray(1 + size, 1 + size + bytes.readUIntBE(1, size)) : null
}

/** Multi-precision numbers of the public key by algorithm; `curve` where an object identifier stands before them. */
const publicNumbers: Readonly<Record<number, { count: number; curve?: boolean; kdf?: boolean }>> = {
  1: { count: 2 },
  2: { count: 2 },
  3: { count: 2 },
  16: { count: 3 },
  17: { count: 4 },
  18: { count: 1, curve: true, kdf: true },
  19: { count: 1, curve: true },
  22: { count: 1, curve: true },
}

function judgePacket(packet: Buffer, summed: boolean): CheckResult {
  const shape = publicNumbers[packet[5] ?? 0]
  // Newer versions and algorithms: the armour's sum is all there is.
  if (packet[0] !== 4 || !shape) return summed ? passed(24) : notApplicable
  let at = 6
  if (shape.curve) at += 1 + (packet[at] ?? 0)
  for (let i = 0; i < shape.count; i++) at = afterNumber(packet, at)
  if (shape.kdf) at += 1 + (packet[at] ?? 0)
  if (at + 3 > packet.length) return failed
  if (packet[at] !== 0) return { ...passed(24), unusable: 'encrypted' }
  const numbers = packet.subarray(at + 1, -2)
  const total = numbers.reduce((sum, byte) => (sum + byte) & 0xffff, 0)
  return verdict(total === packet.readUInt16BE(packet.length - 2), 40)
}

function afterNumber(packet: Buffer, at: number): number {
  if (at + 2 > packet.length) return packet.length
  return at + 2 + Math.ceil(packet.readUInt16BE(at) / 8)
}

/** An unencrypted Ed25519 key without a user id. */
export function mintPgp(random: Random): string {
  const seed = randomBytes(random, 32)
  seed[0] = (seed[0] ?? 0) | 0x80
  const point = Buffer.concat([Buffer.from([0x01, 0x07, 0x40]), ed25519Public(seed)])
  const curve = Buffer.from('092b06010401da470f01', 'hex')
  const number = Buffer.concat([Buffer.from([0x01, 0x00]), seed])
  const total = Buffer.alloc(2)
  total.writeUInt16BE(number.reduce((sum, byte) => (sum + byte) & 0xffff, 0))
  const head = Buffer.from([4, 0x66, 0, 0, 0, 22])
  const packet = Buffer.concat([head, curve, point, Buffer.from([0]), number, total])
  const bytes = Buffer.concat([Buffer.from([0xc5, packet.length]), packet])
  const sum = Buffer.alloc(3)
  sum.writeUIntBE(crc24(bytes), 0, 3)
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  const label = 'PGP PRIVATE KEY BLOCK'
  return [
    `-----BEGIN ${label}-----`,
    '',
    ...lines,
    `=${sum.toString('base64')}`,
    `-----END ${label}-----`,
  ].join('\n')
}
