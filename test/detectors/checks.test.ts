/** The shared checks: published check values, strictness, and no check that a mutation gets past or throws at. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base32, base62, decodeNumber, encodeNumber } from '../../detectors/checks/alphabets.ts'
import { encodeBase32, strictBase32, strictBase64 } from '../../detectors/checks/base64.ts'
import { crc16Arc, crc16Xmodem, crc24, crc32 } from '../../detectors/checks/crc.ts'
import { marvin } from '../../detectors/checks/marvin.ts'
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import type { Detector } from '../../src/model/detector.ts'
import { anchoredPattern } from '../../src/scan/patterns.ts'

const now = Date.UTC(2026, 10, 24)
const digits = Buffer.from('123456789')

describe('the sums', () => {
  it('give their published check values', () => {
    expect(crc32(digits)).toBe(0xcbf43926)
    expect(crc16Arc(digits)).toBe(0xbb3d)
    expect(crc16Xmodem(digits)).toBe(0x31c3)
    expect(crc24(digits)).toBe(0x21cf02)
  })
})

describe('Marvin32', () => {
  it.each([
    ['004fb61a001bdbcc', '', '30ed35c100cd3c7d'],
    ['004fb61a001bdbcc', 'ab427ea8d10fc7', 'e11847e4f0678c41'],
    ['d53cd9cecd0893b7', Buffer.from('abc').toString('hex'), '22c74339492769bf'],
  ])('gives the published result under the seed %s over "%s"', (seed, data, expected) => {
    const { high, low } = marvin(Buffer.from(data, 'hex'), Buffer.from(seed, 'hex'))

    expect(((BigInt(high) << 32n) | BigInt(low)).toString(16)).toBe(expected)
  })
})

describe('the alphabets', () => {
  it('read back what they write', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n }), (value) => {
        expect(decodeNumber(encodeNumber(value, base62, 30), base62)).toBe(value)
      }),
      { seed: 1 },
    )
    expect(decodeNumber('a-b', base62)).toBeNull()
  })

  it('read strict base32 and base64 and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const buffer = Buffer.from(bytes)

        expect(strictBase32(encodeBase32(buffer), base32)).toEqual(buffer)
        expect(strictBase64(buffer.toString('base64url'))).toEqual(buffer)
        expect(strictBase64(buffer.toString('base64'), { alphabet: 'standard', padding: 'full' })).toEqual(
          buffer,
        )
      }),
      { seed: 2 },
    )
    expect(strictBase64('QUJ')).toBeNull()
    expect(strictBase64('QUJDRB')).toBeNull()
    expect(strictBase64('QUI=')).toBeNull()
    expect(strictBase64('A')).toBeNull()
    expect(strictBase32('AB1')).toBeNull()
  })
})

/** What the check is given: the pattern's group, where it has one, of a minted text. */
function secretIn(detector: Detector, text: string): Buffer {
  const bytes = Buffer.from(text)
  if (detector.extent) return bytes
  const [part] = detector.parts?.(bytes) ?? []
  if (part) return bytes.subarray(...part)
  const match = anchoredPattern(detector.pattern).matchAt(bytes, 0)
  return bytes.subarray(match?.secretStart ?? 0, match?.secretEnd ?? bytes.length)
}

/** The match: of several credentials in a block, up to the last. */
function blockIn(detector: Detector, text: string): Buffer {
  const bytes = Buffer.from(text)
  return bytes.subarray(0, detector.parts?.(bytes).at(-1)?.[1])
}

describe.each(detectors.filter(({ check }) => check).map((detector) => [detector.id, detector] as const))(
  'the check of %s',
  (id, detector) => {
    it('passes what is minted for it', () => {
      for (let seed = 0; seed < 40; seed++) {
        const text = mintFor(id, seededRandom(seed))
        const around = { match: blockIn(detector, text), near: Buffer.from(text) }

        expect(detector.check?.(secretIn(detector, text), now, around).outcome, `seed ${seed}`).toBe('passed')
      }
    })

    it('never throws, whatever it is given', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 30 }),
          fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
          fc.nat(),
          (seed, changes, cut) => {
            const value = Buffer.from(secretIn(detector, mintFor(id, seededRandom(seed))))
            for (const [at, byte] of changes) value[at % value.length] = byte
            const shortened = value.subarray(0, value.length - (cut % 3 === 0 ? cut % value.length : 0))

            expect(['passed', 'failed', 'not_applicable']).toContain(detector.check?.(shortened, now).outcome)
          },
        ),
        { numRuns: 60, seed: 3 },
      )
    })
  },
)

describe.each(
  detectors
    .filter(({ checkKind }) => checkKind === 'checksum')
    .map((detector) => [detector.id, detector] as const),
)('the checksum of %s', (id, detector) => {
  it('fails a value with one character changed', () => {
    for (let seed = 0; seed < 40; seed++) {
      const spoiled = Buffer.from(spoil(mintFor(id, seededRandom(seed))))

      expect(detector.check?.(spoiled, now).outcome).toBe('failed')
    }
  })
})

describe('the check of Cisco type 7', () => {
  const check = detectors.find(({ id }) => id === 'cisco-type-7-password')?.check
  const judged = (text: string) => check?.(Buffer.from(text), now).outcome

  it('undoes what devices write, and takes nothing for one that comes out unprintable', () => {
    // "cisco", as Cisco's own documentation obscures it, from two places of the key.
    expect(judged(['0822', '455D', '0A16'].join(''))).toBe('passed')
    expect(judged(['070C', '285F', '4D06'].join(''))).toBe('passed')
    expect(judged(['0822', '455D', '0A96'].join(''))).toBe('failed')
    expect(judged(['1922', '455D', '0A16'].join(''))).toBe('failed')
  })
})

describe('minting', () => {
  it('refuses a detector that does not exist', () => {
    expect(() => mintFor('no-such-detector', seededRandom(1))).toThrow('no-such-detector')
  })
})
