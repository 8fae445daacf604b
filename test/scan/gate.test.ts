/** The gate in WebAssembly against the prefilter in RE2, which lets more through, and the engine with either. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import { compileDetector } from '../../src/scan/compile.ts'
import { decodeAll, maxDepth } from '../../src/scan/decode.ts'
import { createSpotter } from '../../src/scan/detect.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { createGate } from '../../src/scan/gate.ts'
import { plainGate, relaxedGate } from '../../src/scan/gate-module.ts'
import { planGate } from '../../src/scan/gate-plan.ts'
import type { Prefilter } from '../../src/scan/prefilter.ts'
import { createRe2Prefilter } from '../../src/scan/re2-prefilter.ts'
import { judgeShapeless } from '../../src/scan/shapeless/judge.ts'
import { surroundings } from '../../src/scan/surroundings.ts'

const compiled = detectors.map(compileDetector)
const plan = planGate(compiled)
const anchors = plan.anchors.map(({ text }) => text)

function gateHere(): Prefilter {
  const made = createGate({ compiled, plan })
  if (!made) throw new Error('the gate is not built, or this machine has no SIMD')
  return made
}

const gate = gateHere()
const re2 = createRe2Prefilter({ compiled, plan })
const spotter = createSpotter(compiled, () => gate)

/** Every span that a detector claims, given what a prefilter lets through. */
function spotted(prefilter: Prefilter, bytes: Buffer): string[] {
  const spans = spotter
    .spot(bytes, prefilter.candidates(bytes), () => {})
    // What is bound to a name is let through only where it could be a secret.
    .filter(({ compiled: { detector }, match }) => {
      return !detector.shapeless || !('drop' in judgeShapeless(detector.shapeless, bytes, match))
    })
    .map(({ compiled: { detector }, match }) => `${detector.id} ${match.start}-${match.end}`)
  return [...new Set(spans)].sort()
}

/** Stretches in whose decoded form, or a form decoded from that, a detector claims something. */
function worthDecoding(bytes: Buffer, depth = 0): number[] {
  if (depth === maxDepth) return []
  const { encoded } = re2.candidates(bytes)
  const starts: number[] = []
  for (let i = 0; i < encoded.length; i += 2) {
    const [decoded] = decodeAll(bytes, [encoded[i] ?? 0, encoded[i + 1] ?? 0])
    if (!decoded) continue
    if (spotted(re2, decoded.bytes).length > 0 || worthDecoding(decoded.bytes, depth + 1).length > 0)
      starts.push(encoded[i] ?? 0)
  }
  return starts
}

/** The gate lets through all that a detector would claim, plain or encoded. */
function expectNothingMissed(bytes: Buffer, hint = ''): void {
  expect(spotted(gate, bytes), `spans ${hint}`).toEqual(spotted(re2, bytes))
  const { encoded } = gate.candidates(bytes)
  const stretches = Array.from({ length: encoded.length / 2 }, (_, i) => [
    encoded[2 * i] ?? 0,
    encoded[2 * i + 1] ?? 0,
  ])
  const missed = worthDecoding(bytes).filter(
    (start) => !stretches.some(([from = 0, to = 0]) => isNear(bytes, start, from, to)),
  )
  expect(missed, `stretches ${hint}`).toEqual([])
}

/** Several escapes in one text are told by the first of them; of two kinds one is decoded first, the other in what comes out. */
function isNear(bytes: Buffer, start: number, from: number, to: number): boolean {
  const isEscape = (at: number) => bytes[at] === 0x25 || bytes[at] === 0x5c
  if (!isEscape(start)) return from <= start && start < to
  if (!isEscape(from) || Math.abs(start - from) >= 8192) return false
  return bytes[from] === bytes[start] ? from <= start : true
}

const wide = (text: string) => Buffer.from(text, 'utf16le')

const piece: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...anchors).map((text) => Buffer.from(text)) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(
        '\\n',
        '\\t',
        '\\u003d',
        '\\x3d',
        '\\033',
        '\\e[0;31m',
        '\x1b[1m',
        '\\x1b[m',
        '\\u001b[32m',
        '%20',
        '%3D',
        '%253d',
        '=3D',
        '\\',
        '%',
        '[',
        'm',
        '=',
        '\n',
        '\r\n  ',
        ' ',
        '"',
        '_',
        '-',
        '+',
        '0',
        'a',
        'é',
        '\0',
      )
      .map((text) => Buffer.from(text)),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9+/_-]{0,70}$/).map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-f]{0,80}$/).map((text) => Buffer.from(text)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.stringMatching(/^[ -~\n]{0,60}$/),
        fc.constantFrom('base64', 'base64url', 'hex', 'le', 'be', 'lines'),
      )
      .map(([text, form]) => {
        if (form === 'le') return wide(text)
        if (form === 'be') return wide(text).swap16()
        if (form === 'lines')
          return Buffer.from(Buffer.from(text).toString('base64').replace(/.{20}/g, '$&\n  '))
        return Buffer.from(Buffer.from(text).toString(form as 'hex'))
      }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)) },
)

const text = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.concat(pieces))

describe('the gate', () => {
  it('agrees with its twins on pieces of all that it looks for', () => {
    fc.assert(
      fc.property(text, (bytes) => expectNothingMissed(bytes)),
      { numRuns: 1_500, seed: 31 },
    )
  })

  it('finds the same with relaxed SIMD and without', () => {
    const [plain, relaxed] = [plainGate(), relaxedGate()].map((module) =>
      createGate({ compiled, plan }, module),
    )
    fc.assert(
      fc.property(text, (bytes) => {
        expect(relaxed?.candidates(bytes)).toEqual(plain?.candidates(bytes))
      }),
      { numRuns: 500, seed: 30 },
    )
  })

  it('agrees with its twins on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000, size: 'max' }), (bytes) =>
        expectNothingMissed(Buffer.from(bytes)),
      ),
      { numRuns: 300, seed: 32 },
    )
  })

  it('agrees with its twins on bytes of which each may begin or end something', () => {
    const byte = fc.constantFrom(...Buffer.from('\\%=[m;\x1b\0nux0123adDAZ_+/-AAAA  \n\r"'))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 400, size: 'max' }), (bytes) =>
        expectNothingMissed(Buffer.from(bytes)),
      ),
      { numRuns: 1_000, seed: 33 },
    )
  })

  it('finds an example of every detector at every place of a block, and at both ends', () => {
    for (const [i, detector] of detectors.entries()) {
      for (const value of detector.examples.match.slice(0, 1)) {
        const words = Buffer.from(`${detector.context?.[0] ?? ''} `)
        for (let before = i % 4; before < 64; before += 4) {
          const bytes = Buffer.concat([Buffer.alloc(before, ' '), words, Buffer.from(value)])
          expectNothingMissed(bytes, `${detector.id} at ${before}`)
        }
      }
    }
  })

  it('lets through every name bound to what its surroundings leave for a secret', () => {
    const names = fc.constantFrom(
      'password',
      'PASSWORD',
      'db.pass',
      'Pass',
      'DB_PASS_1',
      'userPassword',
      'passphrase',
      'passwd',
      'pass',
      'api_key',
      'apiKey',
      'API_KEY',
      'x-api-key',
      'token',
      'TOKEN',
      'authToken',
      'secret',
      'clientSecret',
      'SECRET_KEY',
      'jwt.secret',
      'AUTH_SALT',
      'tokenValue',
      'pwd',
      'DB_PWD',
      'secrets',
    )
    const before = fc.constantFrom(
      '',
      '\n',
      '  ',
      'export ',
      'ENV ',
      '- ',
      '"',
      "'",
      '{"',
      'const ',
      '<',
      ' name="',
      "define('",
      '-D',
      '--',
      'let ',
      'Server=db;Uid=app;',
      '?user=a&',
      'set ',
      '$',
      '# ',
      '#',
      'declare -x ',
      '#define ',
      'setenv ',
      'set -gx ',
      '{:',
      '{',
      'helm --set a=b,',
      '--from-literal=',
      '* ',
      '> ',
      '${',
      ' --',
      '--admin-',
      ' -',
      '**',
      'a / ',
      'mount -o a=b,',
      '; export ',
      'curl -H "',
      '\\"',
      ' this.',
      'x[',
    )
    const sign = fc.constantFrom(
      '=',
      ' = ',
      ':',
      ': ',
      '": "',
      "': '",
      ' := ',
      ' => ',
      '=>',
      "', '",
      '", "',
      '(',
      ' == ',
      '="',
      "='",
      '`: `',
      ': string = "',
      '[32] = "',
      '" value="',
      '>',
      '"><value>',
      '</key><string>',
      '\n  value: ',
      '"] = "',
      "'] = '",
      '\\":\\"',
      ' string = "',
      ' {\n default = "',
      '" type="text">',
      '\t',
      ' ',
      '',
      ',\n "',
      ': &str = "',
      '=@"',
      ' As String = "',
      ': >-\n  ',
      ': |\n  ',
      ': >\r\n    ',
      " || '",
      '"] ?? "',
      "') ?: '",
      '") or "',
      ' is `',
      ' is: "',
      ' "',
      '","value":"',
      '</Key><String>',
      '><Value>',
      ':-',
      ':** ',
      '**: `',
      ' is ',
      '" -> "',
      '": {\n "value": "',
      '", "\\"',
      ' = "\\"',
    )
    const value = fc.oneof(
      fc.constantFrom(
        'hunter2',
        'Tr0ub4dor&3',
        'changeme',
        'string',
        'getToken()',
        'process.env.X',
        '${X}',
        'a.b.c',
        'null',
        'q7rtz2mlw9kxv4bnc8ydh3spj6gf',
        'x9!kQ#2mVb',
        '12345678',
        'my secret',
        'C0rrect horse',
        'abc',
        '$2y$10$x',
        '8f14e45f-ceea-467f-9538-1a2b3c4d5e6f',
        'Kx92jf83',
        'p@ss,w;rd',
        'a(b)c1d2e3',
        'S3cr3t[x]',
        '%41bcdefg1',
      ),
      fc.stringMatching(/^[ -~]{0,24}$/),
      fc.stringMatching(/^[A-Za-z0-9!#@_.-]{3,40}$/),
    )
    const after = fc.constantFrom(
      '',
      '\n',
      '"',
      "'",
      ';',
      ',',
      '")',
      "');",
      '"}',
      ' # x',
      '\r\n',
      '</a>',
      '&x=1',
      '\\n',
      '\\"',
    )
    const binding = fc.tuple(before, names, sign, value, after).map((parts) => parts.join(''))

    fc.assert(
      fc.property(fc.array(binding, { minLength: 1, maxLength: 4 }), (bindings) =>
        expectNothingMissed(Buffer.from(bindings.join('\n')), JSON.stringify(bindings)),
      ),
      { numRuns: 12_000, seed: 35 },
    )
  })

  it('finds encoded credentials at every place of a block, and at both ends', () => {
    const token = `x ${mintFor('npm-access-token', seededRandom(2))} `
    const samples = [
      Buffer.from(Buffer.from(token).toString('base64')),
      Buffer.from(Buffer.from(token).toString('base64url')),
      Buffer.from(Buffer.from(token).toString('hex')),
      Buffer.from(Buffer.from(Buffer.from(token).toString('hex')).toString('base64')),
      wide(token),
      wide(token).swap16(),
      Buffer.from(token.replace('_', '%5f')),
      Buffer.from(token.replace('_', '\\u005f')),
      Buffer.from(token.replace('_', '\\x5F')),
    ]
    for (const sample of samples) {
      for (let before = 0; before < 64; before++) {
        const bytes = Buffer.concat([Buffer.alloc(before, ' '), sample])
        expect(gate.candidates(bytes).encoded.length, `${sample.toString()} at ${before}`).toBeGreaterThan(0)
        expectNothingMissed(bytes, `at ${before}`)
        expectNothingMissed(Buffer.concat([bytes, Buffer.from(' .')]), `at ${before}, followed`)
      }
    }
  })

  it('lets every example of every detector through, in every surrounding', () => {
    for (const detector of detectors) {
      for (const value of detector.examples.match) {
        const texts = surroundings.map(({ wrap }) => Buffer.from(wrap(value, 'setting').text))
        expectNothingMissed(Buffer.concat(texts), detector.id)
      }
    }
  })

  it('takes texts larger than the one before, and smaller ones after', () => {
    const token = mintFor('npm-access-token', seededRandom(1))
    for (const length of [10, 5_000_000, 100, 9_000_000, 0]) {
      const bytes = Buffer.from(`${' '.repeat(length)}${token}`)
      expect(gate.candidates(bytes).finds[0]).toBe(length)
    }
  })

  it('reads lent room without a copy, and again after room for more was lent', () => {
    const token = Buffer.from(mintFor('npm-access-token', seededRandom(1)))
    for (const length of [100, 6_000_000, 50]) {
      const room = gate.lend(length)
      if (!room) throw new Error('no room')
      room.fill(' ')
      token.copy(room, length - token.length)

      expect(gate.candidates(room).finds[0]).toBe(length - token.length)
      expect(gate.candidates(room.subarray(0, length - 1)).finds.length).toBeLessThan(3)
    }
  })
})

describe('the engine', () => {
  it('answers the same with either prefilter', () => {
    const now = () => Date.UTC(2026, 10, 24)
    const fast = createEngine(detectors, { now })
    const slow = createEngine(detectors, { now, prefilter: createRe2Prefilter })
    const credential = fc
      .tuple(fc.nat(detectors.length - 1), fc.nat(1e6), fc.nat(2))
      .map(([which, seed, form]) => {
        const minted = mintFor(detectors[which]?.id ?? '', seededRandom(seed))
        return Buffer.from(
          form === 0 ? minted : form === 1 ? spoil(minted) : Buffer.from(minted).toString('base64'),
        )
      })
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, credential), { maxLength: 50 }), (pieces) => {
        const bytes = Buffer.concat(pieces)
        const told = (engine: typeof fast) => {
          const { hits } = engine.scanBytes(bytes)
          return {
            hits: hits.map(({ secret, ...rest }) => ({ ...rest, secret: secret.reveal().toString('hex') })),
          }
        }

        expect(told(fast)).toEqual(told(slow))
      }),
      { numRuns: 300, seed: 34 },
    )
  })
})
