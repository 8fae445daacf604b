/**
 * What temporary AWS credentials say of themselves: a session token is one byte and a protocol buffer that names its
 * origin, account and time of issue; a presigned address carries date and lifetime.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { digits } from './alphabets.ts'
import { strictBase64 } from './base64.ts'
import { derEncode, derSequence } from './der.ts'
import { failed, passedUntil } from './outcome.ts'
import { type ProtoField, protoBytes, protoNumber, readProto, writeProto } from './protobuf.ts'
import { letters, type Random, randomBytes } from './random.ts'

/** The longest session lasts 36 hours. */
const longestSession = 36 * 3600

export function checkSessionToken(secret: Buffer, now: number): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })
  const fields = bytes && bytes.length > 60 ? readProto(bytes.subarray(1)) : null
  const origin = protoBytes(fields, 1)?.toString('latin1')
  if (!fields) return failed
  if (origin === 'origin_ec') return checkOriginEc(fields, now)
  if (origin !== 'er/aws' && origin !== 'aws') return failed
  const issued = protoNumber(fields, 5)
  if (origin === 'er/aws' && (issued === null || protoBytes(fields, 3)?.length !== 12)) return failed
  return judgeIssue(issued, now, {})
}

function checkOriginEc(fields: readonly ProtoField[], now: number): CheckResult {
  const signature = derSequence(protoBytes(fields, 4) ?? Buffer.alloc(0))
  const identity = protoBytes(fields, 5)
  const account = protoBytes(identity && readProto(identity), 3)?.toString('latin1')
  if (signature?.length !== 2 || !account || !/^[0-9]{12}$/.test(account)) return failed
  return judgeIssue(protoNumber(fields, 6), now, { account })
}

function judgeIssue(issued: bigint | null, now: number, facts: Record<string, string>): CheckResult {
  return passedUntil(60, issued === null ? null : (Number(issued) + longestSession) * 1000, now, facts)
}

/** A made-up token of the newer form, issued in 2030 so that it does not age in tests. */
export function mintSessionToken(random: Random): string {
  const integer = () => derEncode(0x02, Buffer.concat([Buffer.from([0x11]), randomBytes(random, 31)]))
  const identity = writeProto([
    { number: 1, value: 16 },
    { number: 2, value: 1 },
    { number: 3, value: Buffer.from(letters(random, digits.slice(1), 12)) },
    { number: 4, value: randomBytes(random, 12) },
    { number: 5, value: randomBytes(random, 160) },
  ])
  const body = writeProto([
    { number: 1, value: Buffer.from('origin_ec') },
    { number: 2, value: 102 },
    { number: 3, value: Buffer.from('eu-west-1') },
    { number: 4, value: derEncode(0x30, Buffer.concat([integer(), integer()])) },
    { number: 5, value: identity },
    { number: 6, value: 1_900_000_000 },
    { number: 7, value: randomBytes(random, 90) },
  ])
  return Buffer.concat([Buffer.from([0x21]), body]).toString('base64')
}

/** A presigned address: signature of 64 hex digits, and an end; `lifetime` in seconds overrules the address' own. */
export function checkPresigned(address: string, now: number, lifetime: number | null): CheckResult {
  const fields = new URLSearchParams(address.slice(address.indexOf('?') + 1))
  const date = /^([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(
    fields.get('X-Amz-Date') ?? '',
  )
  const seconds = lifetime ?? Number(fields.get('X-Amz-Expires') ?? Number.NaN)
  if (!date || Number.isNaN(seconds) || !/^[0-9a-f]{64}$/.test(fields.get('X-Amz-Signature') ?? ''))
    return failed
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = date.slice(1).map(Number)
  return passedUntil(60, Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000, now)
}

/** A made-up presigned address of the year 2090. */
export function presignedAddress(start: string, signature: string): string {
  // In two parts, since a scanner would report the whole.
  const keyId = ['ASIA', 'QWERTZUIOPASDFGH'].join('')
  const scope = encodeURIComponent(`${keyId}/20900101/eu-west-1/sts/aws4_request`)
  const fields = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${scope}&X-Amz-Date=20900101T000000Z&X-Amz-Expires=43200`
  return `${start}&${fields}&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}&Version=1`
}
