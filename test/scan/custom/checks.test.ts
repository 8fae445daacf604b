/** The named checks: each passes what it was made for, and fails it with one character changed. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { base36, base62, encodeNumber } from '../../../detectors/checks/alphabets.ts'
import { encodeBase58Check } from '../../../detectors/checks/base58.ts'
import { encodeBech32 } from '../../../detectors/checks/bech32.ts'
import { crc32, hex8 } from '../../../detectors/checks/crc.ts'
import { mintJwt } from '../../../detectors/checks/jwt.ts'
import { seededRandom, uuid4 } from '../../../detectors/checks/random.ts'
import { checkNames, checkSchema, makeCheck } from '../../../src/scan/custom/checks.ts'

const body = 'q7RtZ2mLw9KxV4bN'
const head = `acme_${body}`
const sum = crc32(body)
const sha = createHash('sha256').update(head).digest()
const random = seededRandom(3)
const bytes = Buffer.from(Array.from({ length: 20 }, (_, i) => i * 7))

/** Check as in a file, a value it passes, the least bits of that. */
const cases: [check: unknown, value: string, bits: number][] = [
  ['crc32-base62', head + encodeNumber(sum, base62, 6), 32],
  ['crc32-base36', head + encodeNumber(sum, base36, 7), 32],
  ['crc32-hex', head + hex8(sum), 32],
  [{ name: 'crc32-hex', upper: true, over: 'all' }, head + hex8(crc32(head)).toUpperCase(), 32],
  [{ name: 'crc32-hex', separator: '_' }, `${head}_${hex8(sum)}`, 32],
  [{ name: 'crc32-hex', prefix_length: 9 }, head + hex8(crc32(head.slice(9))), 32],
  [{ name: 'sha256-truncated', over: 'all', length: 8 }, head + sha.toString('hex').slice(0, 8), 32],
  [
    { name: 'sha256-truncated', over: 'all', length: 6, encoding: 'base64url' },
    head + sha.toString('base64url').slice(0, 6),
    36,
  ],
  ['luhn', 'acme_79927398713', 3],
  ['jwt', `acme_${mintJwt(random, { iss: 'acme' })}`, 40],
  ['base64-json', `acme_${Buffer.from('{"account":"7"}').toString('base64url')}`, 24],
  [{ name: 'base64-bytes', counts: [20] }, `acme_${bytes.toString('base64url')}`, 2],
  ['uuid4', `acme_${uuid4(random)}`, 6],
  ['base58check', `acme_${encodeBase58Check(bytes)}`, 32],
  ['bech32', encodeBech32('acme', bytes), 30],
]

function outcome(check: unknown, value: string) {
  return makeCheck(checkSchema.parse(check), ['acme_'])(Buffer.from(value), 0)
}

describe('the named checks', () => {
  test.each(cases)('%j passes its value', (check, value, bits) => {
    const result = outcome(check, value)

    expect(result.outcome).toBe('passed')
    expect(result.bits).toBeGreaterThanOrEqual(bits)
  })

  test.each(cases)('%j fails where a character is changed, left out, or nothing is there', (check, value) => {
    const at = value.length - 1
    const changed = value.slice(0, at) + (value.charAt(at) === 'é' ? 'f' : 'é')

    for (const wrong of [changed, 'acme_', '']) expect(outcome(check, wrong).outcome, wrong).toBe('failed')
  })

  test('a check that is not sure fails softly', () => {
    expect(outcome({ name: 'crc32-hex', soft: true }, `${head}00000000`)).toMatchObject({
      outcome: 'failed',
      soft: true,
    })
  })

  test('are all tried here', () => {
    const tried = new Set(
      cases.map(([check]) => (typeof check === 'string' ? check : (check as { name: string }).name)),
    )

    expect([...tried].sort()).toEqual([...checkNames].sort())
  })
})
