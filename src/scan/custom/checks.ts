/**
 * The offline checks that a detector in YAML can name, with their parameters. They are the functions the built-in
 * detectors use; a check of one's own would be a program, and files of detectors are data.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  base32,
  base36,
  base62,
  base64,
  base64url,
  digits,
  encodeNumber,
  hex,
} from '../../../detectors/checks/alphabets.ts'
import { decodeBase58Check } from '../../../detectors/checks/base58.ts'
import { base64Json, encodeBase32 } from '../../../detectors/checks/base64.ts'
import { decodeBech32 } from '../../../detectors/checks/bech32.ts'
import { bytesCheck } from '../../../detectors/checks/bytes.ts'
import { crc32, hex8 } from '../../../detectors/checks/crc.ts'
import { judgeJwt, parseJwt } from '../../../detectors/checks/jwt.ts'
import { softFailed, verdict } from '../../../detectors/checks/outcome.ts'
import { uuidCheck } from '../../../detectors/checks/uuid.ts'
import type { CheckKind, CheckResult } from '../../model/detector.ts'

/** Characters before what is checked; by default the anchor that the secret begins with. */
const prefixLength = z.int().min(0).max(1000).optional()
const soft = z.boolean().default(false)
/** `body`: what stands between prefix and sum is summed; `all`: everything before the sum. */
const over = z.enum(['body', 'all']).default('body')
/** Text between what is summed and the sum, which is not summed. */
const separator = z.string().max(16).default('')
const summed = { prefix_length: prefixLength, over, separator, soft }
const plain = { prefix_length: prefixLength, soft }

const schemas = [
  z.strictObject({ name: z.literal('crc32-base62'), ...summed }),
  z.strictObject({ name: z.literal('crc32-base36'), ...summed }),
  z.strictObject({ name: z.literal('crc32-hex'), upper: z.boolean().default(false), ...summed }),
  z.strictObject({
    name: z.literal('sha256-truncated'),
    encoding: z.enum(['hex', 'base32', 'base64', 'base64url']).default('hex'),
    /** Characters of the sum. */
    length: z.int().min(4).max(64),
    ...summed,
  }),
  z.strictObject({ name: z.literal('luhn'), ...plain }),
  z.strictObject({ name: z.literal('jwt'), ...plain }),
  z.strictObject({
    name: z.literal('base64-json'),
    alphabet: z.enum(['url', 'standard']).default('url'),
    ...plain,
  }),
  z.strictObject({
    name: z.literal('base64-bytes'),
    /** How many bytes it may be. */
    counts: z.array(z.int().min(1).max(10_000)).min(1).max(20),
    alphabet: z.enum(['url', 'standard']).default('url'),
    padding: z.enum(['none', 'full', 'any']).default('none'),
    ...plain,
  }),
  z.strictObject({ name: z.literal('uuid4'), ...plain }),
  z.strictObject({ name: z.literal('base58check'), ...plain }),
  z.strictObject({ name: z.literal('bech32'), soft }),
] as const

/** A check as a file names it, with its parameters. */
export const checkSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  z.discriminatedUnion('name', schemas),
)
export type CheckSpec = z.infer<typeof checkSchema>

/** What `name` may be. */
export const checkNames: readonly string[] = schemas.map(({ shape }) => shape.name.value)

/** Names of the parameters that the check `name` takes; empty for a check that is not there. */
export function checkParameters(name: unknown): string[] {
  return Object.keys(schemas.find(({ shape }) => shape.name.value === name)?.shape ?? {})
}

type Check = (secret: Buffer, now: number) => CheckResult

export function checkKindOf({ name }: CheckSpec): CheckKind {
  return ['jwt', 'base64-json', 'base64-bytes', 'uuid4'].includes(name) ? 'structure' : 'checksum'
}

/** The function of `spec` for a detector with these anchors. */
export function makeCheck(spec: CheckSpec, anchors: readonly string[]): Check {
  const run = checkFor(spec)
  const given = 'prefix_length' in spec ? spec.prefix_length : undefined
  return (secret, now) => {
    const result = run(secret, given ?? anchorLength(secret, anchors), now)
    return spec.soft && result.outcome === 'failed' ? softFailed : result
  }
}

function anchorLength(secret: Buffer, anchors: readonly string[]): number {
  const text = secret.toString('latin1')
  return Math.max(0, ...anchors.filter((anchor) => text.startsWith(anchor)).map(({ length }) => length))
}

function checkFor(spec: CheckSpec): (secret: Buffer, prefix: number, now: number) => CheckResult {
  switch (spec.name) {
    case 'crc32-base62':
      return sumCheck(spec, 6, 32, (bytes) => encodeNumber(crc32(bytes), base62, 6))
    case 'crc32-base36':
      return sumCheck(spec, 7, 32, (bytes) => encodeNumber(crc32(bytes), base36, 7))
    case 'crc32-hex':
      return sumCheck(spec, 8, 32, (bytes) =>
        spec.upper ? hex8(crc32(bytes)).toUpperCase() : hex8(crc32(bytes)),
      )
    case 'sha256-truncated': {
      const { write, bits } = encodings[spec.encoding]
      return sumCheck(spec, spec.length, bits * spec.length, (bytes) =>
        write(createHash('sha256').update(bytes).digest()).slice(0, spec.length),
      )
    }
    case 'luhn':
      return (secret, prefix) => verdict(passesLuhn(secret.toString('latin1', prefix)), Math.log2(10))
    case 'jwt':
      return (secret, prefix, now) => judgeJwt(parseJwt(secret.toString('latin1', prefix)), now)
    case 'base64-json':
      // A text of 16 random letters decodes to an object in braces, with its quotes and colon, less often than that.
      return (secret, prefix) => {
        const form = { alphabet: spec.alphabet, padding: 'any' } as const
        return verdict(base64Json(secret.toString('latin1', prefix), form) !== null, 24)
      }
    case 'base64-bytes':
      return (secret, prefix) => bytesCheck(prefix, spec.counts, spec)(secret)
    case 'uuid4':
      return (secret, prefix) => uuidCheck(prefix)(secret)
    case 'base58check':
      return (secret, prefix) => verdict(decodeBase58Check(secret.toString('latin1', prefix)) !== null, 32)
    case 'bech32':
      return (secret) => verdict(decodeBech32(secret.toString('latin1').toLowerCase()) !== null, 30)
  }
}

const encodings = {
  hex: { bits: Math.log2(hex.length), write: (digest: Buffer) => digest.toString('hex') },
  base32: { bits: Math.log2(base32.length), write: (digest: Buffer) => encodeBase32(digest) },
  base64: { bits: Math.log2(base64.length), write: (digest: Buffer) => digest.toString('base64') },
  base64url: { bits: Math.log2(base64url.length), write: (digest: Buffer) => digest.toString('base64url') },
} as const

interface Summed {
  over: 'body' | 'all'
  separator: string
}

function sumCheck(
  { over, separator }: Summed,
  width: number,
  bits: number,
  sum: (bytes: Buffer) => string,
): (secret: Buffer, prefix: number) => CheckResult {
  return (secret, prefix) => {
    const end = secret.length - width - separator.length
    const start = over === 'body' ? prefix : 0
    if (end <= start || secret.toString('latin1', end, end + separator.length) !== separator)
      return verdict(false, 0)
    return verdict(
      sum(secret.subarray(start, end)) === secret.toString('latin1', secret.length - width),
      bits,
    )
  }
}

function passesLuhn(text: string): boolean {
  if (text === '') return false
  let total = 0
  for (const [index, sign] of Array.from(text).reverse().entries()) {
    const digit = digits.indexOf(sign)
    if (digit < 0) return false
    const counted = index % 2 === 1 ? digit * 2 : digit
    total += counted > 9 ? counted - 9 : counted
  }
  return total % 10 === 0
}
