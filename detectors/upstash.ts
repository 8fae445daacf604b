/** Upstash: a number at the start of a Redis token that is repeated at its end. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { between, letters, type Random } from './checks/random.ts'
import { inside } from './checks/shape.ts'

export const upstash: readonly Detector[] = [
  inside(
    {
      id: 'upstash-redis-token',
      issuer: 'Upstash',
      kind: 'Redis REST token',
      docs: 'https://upstash.com/docs/redis/features/restapi',
      anchors: ['AAInc'],
      pattern: 'A[A-Za-z0-9]{2}[A-Za-z0-9+/_-]AAInc[A-Za-z0-9]{48,57}',
      notBefore: 'A-Za-z0-9+/_-',
      notAfter: 'A-Za-z0-9+/_=',
      maxLength: 66,
      check: checkRedis,
      mint: mintRedis,
      revoke: 'dashboard only',
    },
    4,
  ),
]

/** 01, a 16-bit number, 00 02, a length; then text that ends in the same number written in decimal. */
function checkRedis(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1').replaceAll('+', '-').replaceAll('/', '_'))
  const number = /^p[0-9][0-9a-f]{32}p[0-9]([0-9]{1,5})$/.exec(bytes?.toString('latin1', 6) ?? '')?.[1]
  return verdict(bytes?.[0] === 1 && bytes.readUInt16BE(1) === Number(number), 40)
}

function mintRedis(random: Random): string {
  const number = between(random, 10_000, 65_535)
  const head = Buffer.from([1, number >> 8, number & 255, 0, 2, 0x27])
  const text = Buffer.from(`p2${letters(random, hex, 32)}p2${number}`)
  return Buffer.concat([head, text]).toString('base64url')
}
