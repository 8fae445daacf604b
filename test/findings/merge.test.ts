/** Fingerprints and merging: one credential is one record, whatever its form and the order it was met in. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalBytes, fingerprint } from '../../src/findings/fingerprint.ts'
import { mergeHits } from '../../src/findings/merge.ts'
import { Secret } from '../../src/model/secret.ts'
import { makeHit, makePlace } from '../support/hit.ts'

const key = Buffer.alloc(32, 1)

function name(value: string, detector = 'd'): string {
  return fingerprint(key, new Secret(Buffer.from(value), detector), detector)
}

describe('a fingerprint', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const [head = '', ...body] = pem.trim().split('\n')
  const tail = body.pop() ?? ''
  const text = body.join('')

  test('is the same for every wrapping of one key', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 100 }),
        fc.constantFrom('\n', '\r\n', '\n    ', '\\n', '\\r\\n'),
        (width, end) => {
          const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
          expect(name([head, ...lines, tail].join(end))).toBe(name(pem))
        },
      ),
    )
  })

  test('of a key is that of its DER bytes', () => {
    expect(canonicalBytes(Buffer.from(pem))).toEqual(privateKey.export({ type: 'pkcs8', format: 'der' }))
  })

  test('does not depend on the headers of an encrypted key, but on its body', () => {
    const label = (kind: string) => `-----${kind} RSA PRIVATE KEY-----`
    const encrypted = (header: string, content: string) =>
      [label('BEGIN'), 'Proc-Type: 4,ENCRYPTED', header, '', content, label('END')].join('\n')

    expect(name(encrypted('DEK-Info: AES-128-CBC,AA', text))).toBe(name(encrypted('X: y', text)))
    expect(name(encrypted('X: y', text))).not.toBe(name(encrypted('X: y', `AAAA${text}`)))
  })

  test('of a broken block is that of its bytes', () => {
    const broken = Buffer.from(`${head}\n***\n${tail}`)

    expect(canonicalBytes(broken)).toEqual(broken)
  })

  test('is one for all detectors, another for every key and every value', () => {
    expect(name('abc', 'x')).toBe(name('abc', 'y'))
    expect(name('abc')).toMatch(/^[0-9a-f]{64}$/)
    expect(name('abc')).not.toBe(name('abd'))
    expect(fingerprint(Buffer.alloc(32, 2), new Secret(Buffer.from('abc'), 'd'), 'd')).not.toBe(name('abc'))
  })
})

describe('merging', () => {
  const found = ['one', 'two', 'three'].flatMap((value, index) => [
    { hit: makeHit(value), places: [makePlace(`f${index}`), makePlace('shared')] },
    {
      hit: makeHit(value, { detector: 'weaker', confidence: 'medium', checkBits: 0 }),
      places: [makePlace('z')],
    },
    { hit: makeHit(value), places: [makePlace('shared')] },
  ])

  test('gives one record a credential with each place once, by the surest detector', () => {
    const records = mergeHits(key, found)

    expect(records).toHaveLength(3)
    for (const record of records) {
      expect(record).toMatchObject({ detector: 'made-up-token', confidence: 'high', validity: 'unknown' })
      expect(record.places.map((place) => place.path)).toHaveLength(3)
    }
  })

  test('does not depend on the order in which things were met', () => {
    const expected = mergeHits(key, found)

    fc.assert(
      fc.property(fc.shuffledSubarray(found, { minLength: found.length }), (shuffled) => {
        expect(mergeHits(key, shuffled)).toEqual(expected)
      }),
    )
  })

  test('shows how a value was wrapped and nothing of the value', () => {
    const hit = makeHit('hidden-value', { decoding: ['base64', 'gzip'], archivePath: 'a.zip!b' })

    const [record] = mergeHits(key, [{ hit, places: [makePlace('p')] }])

    expect(record?.places[0]).toMatchObject({
      decoding: 'base64>gzip',
      archive_path: 'a.zip!b',
      byte_start: 0,
    })
    expect(JSON.stringify(record)).not.toContain('hidden-value')
  })
})
