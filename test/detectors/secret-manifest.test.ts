import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonParts, yamlParts } from '../../detectors/checks/secret-manifest.ts'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'

const engine = createEngine(detectors)

/** Made up of the number, so that none stands in this file. */
function password(number: number): string {
  return ['q9', number, 'Xv', '!', 7 * number, 'tR', '$mW'].join('')
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** What is reported of manifests, as it stands there. */
function found(text: string): string[] {
  const { hits } = engine.scanBytes(Buffer.from(text))
  return hits
    .filter(({ detector }) => detector.startsWith('kubernetes-secret'))
    .map(({ span }) => text.slice(span.byte_start, span.byte_end))
}

function manifest(kind: string, ...lines: string[]): string {
  return ['apiVersion: v1', `kind: ${kind}`, 'metadata:', '  name: app', ...lines, ''].join('\n')
}

describe('a manifest of a Secret', () => {
  test('tells each of its entries, whatever their names', () => {
    const [one, two] = [base64(password(1)), base64(password(2))]

    expect(found(manifest('Secret', 'data:', `  alpha: ${one}`, `  "beta": '${two}'`))).toEqual([one, two])
  })

  test('tells what stands behind names of users and certificates, and these not', () => {
    const lines = [
      'data:',
      '  # of the staging machine',
      `  username: ${base64('administrator-7')}`,
      `  db_host: ${base64('db7.corp.example')}`,
      `  tls.crt: ${base64('-----BEGIN CERTIFICATE-----\nMIIB7w==\n')}`,
      `  url: ${base64('https://corp.example/path7')}`,
      '  note: >-',
      '    bW9yZSB0aGFuIG9uZSBsaW5l',
      `  third: ${base64(password(3))}`,
    ]

    expect(found(manifest('Secret', ...lines))).toEqual([base64(password(3))])
  })

  test('tells of words only where a name says what they are', () => {
    const lines = ['data:', `  greeting: ${base64('goodmorning')}`, `  password: ${base64('tangerine')}`]

    expect(found(manifest('Secret', ...lines))).toEqual([base64('tangerine')])
  })

  test('tells what is not encoded, and no address, number or switch', () => {
    const lines = [
      'stringData:',
      `  one: "${password(4)}"`,
      '  two: 10.0.0.17:8080',
      '  three: "true"',
      '  four: cache.corp.example:6379',
      `  five: ${password(5)}`,
    ]

    expect(found(manifest('Secret', ...lines))).toEqual([password(4), password(5)])
  })

  test('ends with what stands less deep', () => {
    const text = manifest(
      'Secret',
      'data:',
      `  a: ${base64(password(6))}`,
      'other:',
      `  b: ${base64(password(7))}`,
    )

    expect(found(text)).toEqual([base64(password(6))])
  })

  test('is told from other kinds, also in one file', () => {
    const other = manifest('ConfigMap', 'data:', `  a: ${base64(password(8))}`)
    const own = manifest('Secret', 'data:', `  a: ${base64(password(9))}`)

    expect(found(other)).toEqual([])
    expect(found([other, own, other].join('---\n'))).toEqual([base64(password(9))])
  })

  test('is read within JSON, as kubectl keeps what was applied', () => {
    const text = JSON.stringify({ applied: manifest('Secret', 'data:', `  a: "${base64(password(10))}"`) })

    expect(found(text)).toEqual([base64(password(10))])
  })

  test('is read as JSON, each in its own kind', () => {
    const item = (kind: string, number: number) => ({
      apiVersion: 'v1',
      data: { user: base64('administrator-7'), x: base64(password(number)), y: base64(password(number + 1)) },
      kind,
      metadata: { name: 'app' },
    })
    const list = { items: [item('ConfigMap', 20), item('Secret', 30), item('ConfigMap', 40)], kind: 'List' }
    const expected = [base64(password(30)), base64(password(31))]

    expect(found(JSON.stringify(list, null, 4))).toEqual(expected)
    expect(found(JSON.stringify(list, null, 2))).toEqual(expected)
    expect(found(JSON.stringify(list))).toEqual(expected)
    expect(found(JSON.stringify({ applied: JSON.stringify(list) }))).toEqual(expected)
  })
})

test.each([
  ['YAML', yamlParts, 'data:\n'],
  ['JSON', jsonParts, '"data": {'],
  ['JSON within JSON', jsonParts, '\\"data\\":{'],
])('parts of a %s block stand within it, in order, whatever it holds', (_, parts, head) => {
  const pieces = [
    '\n',
    '\r\n',
    '\\n',
    '  ',
    'a: ',
    '"b": ',
    '"',
    "'",
    ',',
    '{',
    '}',
    '# ',
    base64(password(50)),
  ]
  const blocks = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 })
  fc.assert(
    fc.property(blocks, (made) => {
      const block = Buffer.from(head + made.join(''), 'latin1')
      let before = 0
      for (const [start, end] of parts(block)) {
        expect(start).toBeGreaterThanOrEqual(before)
        expect(end).toBeGreaterThan(start)
        before = end
      }
      expect(before).toBeLessThanOrEqual(block.length)
    }),
    { seed: 7, numRuns: 2_000 },
  )
})
