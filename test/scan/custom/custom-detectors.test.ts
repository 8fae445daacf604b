/** Files of detectors: what works, and what is said about everything that does not. */
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { crc32, hex8 } from '../../../detectors/checks/crc.ts'
import { detectors as builtIn } from '../../../detectors/index.ts'
import { AppError } from '../../../src/model/errors.ts'
import { withCustomDetectors } from '../../../src/scan/custom/custom-detectors.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import { tryDetector } from '../../../src/scan/trial.ts'

const body = 'acme_live_q7RtZ2mLw9KxV4bNc8YdH3sPj6GfT1aE'
const key = body + hex8(crc32(body))

type Fields = Record<string, unknown>

function acme(changes: Fields = {}): Fields {
  return {
    id: 'acme-api-key',
    issuer: 'Acme',
    kind: 'API key',
    anchors: ['acme_live_'],
    pattern: 'acme_live_[A-Za-z0-9]{32}[0-9a-f]{8}',
    check: { name: 'crc32-hex', over: 'all' },
    examples: { match: [key], no_match: [`${key.slice(0, -1)}0`] },
    ...changes,
  }
}

/** Beside its name, without any fixed text. */
function valued(changes: Fields = {}): Fields {
  const value = 'b1946ac92492d2347c6235b4d2611184'
  return acme({
    anchors: [],
    check: undefined,
    context: ['acme'],
    pattern: '[0-9a-f]{32}',
    examples: { match: [value] },
    ...changes,
  })
}

function fileOf(...list: Fields[]) {
  return { name: 'acme.yaml', text: stringify({ detectors: list }) }
}

function problemsOf(text: string): string[] {
  try {
    withCustomDetectors([{ name: 'acme.yaml', text }], builtIn)
  } catch (error) {
    if (error instanceof AppError && error.code === 'config') return error.message.split('\n').slice(1)
    throw error
  }
  return []
}

const problems = (...list: Fields[]) => problemsOf(fileOf(...list).text)

describe('a file of detectors', () => {
  test('adds its detectors before the built-in ones, with what it leaves out derived', () => {
    const all = withCustomDetectors([fileOf(acme(), valued({ id: 'acme-old-key' }))], builtIn)

    expect(all.length).toBe(builtIn.length + 2)
    expect(all[0]).toMatchObject({
      gate: 'prefix',
      maxLength: 50,
      reach: { left: 0, right: 50 },
      checkKind: 'checksum',
    })
    expect(all[1]).toMatchObject({
      gate: 'value',
      maxLength: 32,
      contextWithin: 80,
      reach: { left: 80, right: 112 },
    })
  })

  test('finds its examples wherever credentials stand, and leaves near-misses alone', () => {
    const own = [
      acme(),
      valued({ id: 'acme-old-key' }),
      acme({
        id: 'acme-odd-key',
        anchors: ['_acme9_'],
        pattern: '[a-z0-9]{8}_acme9_[a-z0-9]{20}',
        check: undefined,
        examples: { match: ['q7rtz2ml_acme9_w9kxv4bnc8ydh3spj6gf'] },
      }),
      acme({
        id: 'acme-form',
        anchors: ['acme-form'],
        pattern: 'acme-form=([a-z0-9]{20})',
        check: undefined,
        examples: { match: ['acme-form=w9kxv4bnc8ydh3spj6gf'] },
      }),
    ]
    const all = withCustomDetectors([fileOf(...own)], builtIn)
    const engine = createEngine(all)

    for (const detector of all.slice(0, own.length)) {
      expect(tryDetector(engine, detector), detector.id).toMatchObject({ missed: [], reported: [] })
    }
  })

  test('takes the place of a built-in detector only where it says so', () => {
    const taken = { id: 'npm-access-token' }

    expect(problems(acme(taken))).toEqual([
      expect.stringMatching(
        /^acme\.yaml:2:9: detectors\[0\]\.id: "npm-access-token" is a built-in .* "replaces: true"/,
      ),
    ])
    const all = withCustomDetectors([fileOf(acme({ ...taken, replaces: true }))], builtIn)
    expect(all.length).toBe(builtIn.length)
    expect(all.filter(({ id }) => id === taken.id).map(({ issuer }) => issuer)).toEqual(['Acme'])
  })

  test('changes the name of the detector set with everything that changes what is found', () => {
    const set = (changes: Fields) =>
      createEngine(withCustomDetectors([fileOf(acme(changes))], builtIn)).detectorSet
    const sets = [set({}), set({ min_entropy: 3 }), set({ check: 'crc32-hex', examples: acme()['examples'] })]

    expect(new Set(sets).size).toBe(3)
    expect(set({})).toBe(sets[0])
  })
})

describe('a mistake in a file of detectors', () => {
  test.each<[string, Fields, RegExp]>([
    [
      'an unknown field',
      { patern: 'a' },
      /detectors\[0\]\.patern: there is no such field; did you mean pattern\?/,
    ],
    ['a field that is missing', { issuer: undefined }, /detectors\[0\]\.issuer: is missing/],
    ['a number for text', { kind: 12 }, /\.kind: must be text; put it in single quotes/],
    ['text for a list', { anchors: 'acme_live_' }, /\.anchors: must be a list/],
    ['text for a number', { max_length: 'long' }, /\.max_length: must be a (?:whole )?number/],
    ['an id with capitals', { id: 'Acme Key' }, /\.id: must be small letters/],
    ['a plain address', { docs: 'http://acme.example' }, /\.docs: .*https:\/\//],
    [
      'a check that is not there',
      { check: 'crc32-hx' },
      /\.check\.name: must be a check; .*did you mean crc32-hex\?/,
    ],
    [
      'a parameter that is not there',
      { check: { name: 'crc32-hex', ovr: 'all' } },
      /\.check\.ovr: .*did you mean over\?/,
    ],
    [
      'a parameter of another check',
      { check: { name: 'luhn', counts: [1] } },
      /\.check\.counts: there is no such field/,
    ],
    [
      'an unknown field further in',
      { examples: { match: [key], nomatch: [] } },
      /\.examples\.nomatch: .*did you mean no_match\?/,
    ],
    [
      'a back-reference',
      { pattern: String.raw`acme_live_(a)\1` },
      /\.pattern: at character 14: .*refers back/,
    ],
    ['an empty match', { pattern: '(?:acme_live_)?' }, /\.pattern: matches the empty text/],
    [
      'a longest match beyond all bounds',
      { pattern: `acme_live_${'[a-z]{1000}'.repeat(17)}` },
      /can match \d+ bytes, more than/,
    ],
    [
      'a pattern that RE2 finds too large',
      { pattern: 'acme_live_(?:(?:a{1000}){1000}){1000}' },
      /RE2 refuses it/,
    ],
    ['a longest match that is too short', { max_length: 40 }, /\.max_length: is less than the 50 bytes/],
    ['two groups', { pattern: '(acme_live_)([a-z]{8})' }, /more than one group/],
    ['an anchor of one letter', { anchors: ['a'] }, /\.anchors\[0\]: must be 2 to 64 printable/],
    [
      'an anchor that one branch lacks',
      { pattern: 'acme_live_[A-Za-z0-9]{32}[0-9a-f]{8}|acme_test_[a-z]{9}' },
      /\.anchors: the pattern also matches .*acme_test_/,
    ],
    [
      'an anchor that an example lacks',
      { anchors: ['acme_l1ve_'] },
      /\.examples\.match\[0\]: holds none of the anchors/,
    ],
    [
      'an example with something around it',
      { examples: { match: [`key=${key}`] } },
      /\.match\[0\]: the pattern does not match it/,
    ],
    [
      'an example that is longer',
      { examples: { match: [`${key}00`] } },
      /matches only the first 50 of its 52 bytes/,
    ],
    ['no example', { examples: { match: [] } }, /\.examples\.match: /],
    [
      'a prefix that is none',
      { gate: 'prefix', pattern: 'x_acme_live_[a-z]{9}', examples: { match: ['x_acme_live_abcdefghi'] } },
      /\.gate: prefix needs an anchor at the start/,
    ],
    ['context beside anchors', { context: ['acme'] }, /\.context: is for detectors without anchors/],
    ['neither anchors nor context', { anchors: [] }, /detectors\[0\]: needs anchors .* or context/],
    ['a range the wrong way round', { not_after: 'z-a' }, /\.not_after: a range must go/],
    [
      'a pair that is not there',
      { pair: { with: 'acme-api-id', within: 80 } },
      /\.pair: there is no detector "acme-api-id"/,
    ],
    ['nothing to replace', { replaces: true }, /\.replaces: there is no built-in detector "acme-api-key"/],
    [
      'a probe in clear',
      { probe: { get: 'http://a.example', auth: 'bearer', active: [200], inactive: [401] } },
      /\.probe\.get: /,
    ],
  ])('is told: %s', (_what, changes, message) => {
    const [first, ...more] = problems(acme(changes))

    expect(first).toMatch(message)
    expect(first).toMatch(/^acme\.yaml:\d+:\d+: /)
    expect(more).toEqual([])
  })

  test('is told: a value without an anchor that is too short to be met', () => {
    expect(problems(valued({ pattern: '[0-9a-f]{8,32}' }))).toEqual([
      expect.stringContaining('16 characters or longer'),
    ])
  })

  test('is told with its own line and column, for all detectors at once', () => {
    const text = [
      'detectors:',
      '  - id: one',
      '    colour: red',
      '  - id: two',
      "    pattern: '[a-z]+'",
      '    issuer: Acme',
      '    kind: key',
      '    anchors: &texts [acme_]',
      '    context: *texts',
      "    examples: {match: ['acme_x'], no_match: 3}",
      '',
    ].join('\n')

    const told = problemsOf(text)

    expect(told).toContainEqual(
      expect.stringMatching(/^acme\.yaml:3:5: detectors\[0\]\.colour: there is no such field/),
    )
    expect(told).toContainEqual(expect.stringMatching(/^acme\.yaml:2:5: detectors\[0\]\.pattern: is missing/))
    expect(told).toContainEqual(
      expect.stringMatching(/^acme\.yaml:10:45: detectors\[1\]\.examples\.no_match: must be a list/),
    )
  })

  test.each([
    ['nothing', '', /1:1: the file is empty/],
    ['a list', '- id: x\n', /1:1: must be a mapping of fields/],
    ['another key', 'detecters: []\n', /detectors: is missing/],
    ['no detector', 'detectors: []\n', /detectors: /],
    ['broken YAML', 'detectors:\n  - id: [a\n', /^acme\.yaml:3:1: /],
    ['a pattern without quotes', 'detectors:\n  - pattern: [a-z]{3}\n', /single quotes/],
    ['a key twice', 'detectors: []\ndetectors: []\n', /^acme\.yaml:2:1: .*unique/],
    ['two documents', 'detectors: []\n---\ndetectors: []\n', /document/],
    ['aliases that stand for a billion values', bomb(), /aliases .* too much data/],
    ['brackets a hundred thousand deep', '['.repeat(100_000), /./],
    ['a key that is part of every object', '__proto__: {a: 1}\n', /detectors: is missing/],
  ])('is told: a file with %s', (_what, text, message) => {
    const told = problemsOf(text)

    expect(told.join('\n')).toMatch(message)
  })

  test('never shows an example', () => {
    const secret = 'acme_live_thisIsSomebodysOwnCredential'

    expect(problems(acme({ examples: { match: [secret] } })).join('\n')).not.toContain(secret)
  })
})

/** Nine lists of nine aliases each. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 10; i++)
    lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`)
  return `${lines.join('\n')}\n`
}
