/** The gate in WebAssembly against its naive twins and against RE2, and the engine with either. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import { indexAnchors } from '../../src/scan/anchors.ts'
import { mayBegin } from '../../src/scan/boundary.ts'
import { byteClass } from '../../src/scan/byte-class.ts'
import { compileDetector } from '../../src/scan/compile.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { createGate } from '../../src/scan/gate.ts'
import { createRe2Prefilter, type Prefilter } from '../../src/scan/prefilter.ts'
import { surroundings } from '../../src/scan/surroundings.ts'

const { starting, anywhere } = indexAnchors(detectors.map(compileDetector))
const wanted = { starting, anywhere, runs: true }
const word = byteClass('A-Za-z0-9_')

function gateHere(): Prefilter {
  const made = createGate(wanted)
  if (!made) throw new Error('the gate is not built, or this machine has no SIMD')
  return made
}

const gate = gateHere()
const re2 = createRe2Prefilter(wanted)

/** Every place where the gate must let an anchor through, searched for one by one. */
function naiveAnchors(bytes: Buffer): number[] {
  const found = new Set<number>()
  const search = (anchor: string, take: (at: number) => boolean) => {
    for (let at = bytes.indexOf(anchor); at >= 0; at = bytes.indexOf(anchor, at + 1))
      if (take(at)) found.add(at)
  }
  for (const anchor of starting) search(anchor, (at) => mayBegin(bytes, at, word))
  for (const anchor of anywhere) search(anchor, () => true)
  return [...found].sort((a, b) => a - b)
}

/** What the gate yields for `bytes`, having shown that it is neither less nor more than it may be. */
function expectAgreement(bytes: Buffer, hint = ''): void {
  const ours = gate.candidates(bytes)
  const theirs = re2.candidates(bytes)
  const anchors = Array.from(ours.anchors)
  const all = new Set(Array.from(theirs.anchors))

  expect(
    naiveAnchors(bytes).filter((at) => !anchors.includes(at)),
    `anchors missed ${hint}`,
  ).toEqual([])
  expect(
    anchors.filter((at) => !all.has(at)),
    `anchors made up ${hint}`,
  ).toEqual([])
  expect(anchors, `order ${hint}`).toEqual([...new Set(anchors)].sort((a, b) => a - b))
  expect(Array.from(ours.runs), `runs ${hint}`).toEqual(Array.from(theirs.runs))
  expect(Array.from(ours.encoded), `encoded ${hint}`).toEqual(Array.from(theirs.encoded))
}

const wide = (text: string) => Buffer.from(text, 'utf16le')

const piece: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...starting, ...anywhere).map((text) => Buffer.from(text)) },
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
      fc.property(text, (bytes) => expectAgreement(bytes)),
      { numRuns: 1_500, seed: 31 },
    )
  })

  it('agrees with its twins on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000, size: 'max' }), (bytes) =>
        expectAgreement(Buffer.from(bytes)),
      ),
      { numRuns: 300, seed: 32 },
    )
  })

  it('agrees with its twins on bytes of which each may begin or end something', () => {
    const byte = fc.constantFrom(...Buffer.from('\\%=[m;\x1b\0nux0123adDAZ_+/-AAAA  \n\r"'))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 400, size: 'max' }), (bytes) =>
        expectAgreement(Buffer.from(bytes)),
      ),
      { numRuns: 1_000, seed: 33 },
    )
  })

  it('finds every anchor at every alignment and at both ends', () => {
    for (const anchor of [...starting, ...anywhere]) {
      for (let before = 0; before < 64; before++) {
        const bytes = Buffer.from(`${' '.repeat(before)}${anchor}`)
        expect(Array.from(gate.candidates(bytes).anchors), `${anchor} at ${before}`).toContain(before)
        const cut = bytes.subarray(0, -1)
        expect(Array.from(gate.candidates(cut).anchors), `${anchor} cut`).toEqual(naiveAnchors(cut))
      }
    }
  })

  it('finds runs and encoded text at every alignment and at both ends', () => {
    const samples = [
      Buffer.from('abcdefgh1jklmnop'),
      Buffer.from(Buffer.from('user: root, password: x').toString('base64')),
      Buffer.from(Buffer.from('sixteen letters!').toString('hex')),
      wide('twelve chars'),
      wide('twelve chars').swap16(),
      Buffer.from('%41'),
      Buffer.from('\\u0041'),
      Buffer.from('\\x41'),
    ]
    for (const sample of samples) {
      for (let before = 0; before < 64; before++) {
        const bytes = Buffer.concat([Buffer.alloc(before, ' '), sample])
        expectAgreement(bytes, `at ${before}`)
        expectAgreement(bytes.subarray(0, -1), `at ${before}, cut`)
        expectAgreement(Buffer.concat([bytes, Buffer.from(' .')]), `at ${before}, followed`)
      }
    }
  })

  it('lets every example of every detector through, in every surrounding', () => {
    for (const detector of detectors) {
      for (const value of detector.examples.match) {
        const texts = surroundings.map(({ wrap }) => Buffer.from(wrap(value, 'setting').text))
        expectAgreement(Buffer.concat(texts), detector.id)
      }
    }
  })

  it('takes texts larger than the one before, and smaller ones after', () => {
    const token = mintFor('npm-access-token', seededRandom(1))
    for (const length of [10, 5_000_000, 100, 9_000_000, 0]) {
      const bytes = Buffer.from(`${' '.repeat(length)}${token}`)
      expect(Array.from(gate.candidates(bytes).anchors)).toContain(length)
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
          const { hits, stats } = engine.scanBytes(bytes)
          return {
            stats,
            hits: hits.map(({ secret, ...rest }) => ({ ...rest, secret: secret.reveal().toString('hex') })),
          }
        }

        expect(told(fast)).toEqual(told(slow))
      }),
      { numRuns: 300, seed: 34 },
    )
  })
})
