/** The engine from the outside: bytes in, hits with positions, labels and counts out. */
import { describe, expect, it } from 'vitest'
import { mintAwsId } from '../../detectors/checks/aws.ts'
import { mintJwt } from '../../detectors/checks/jwt.ts'
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import type { Blob } from '../../src/model/blob.ts'
import { createEngine } from '../../src/scan/engine.ts'

const now = Date.UTC(2026, 10, 24)
const engine = createEngine(detectors, { now: () => now })
const token = (id: string, seed = 1) => mintFor(id, seededRandom(seed))
const scan = (text: string | Buffer) => engine.scanBytes(Buffer.from(text))
const ids = (text: string | Buffer) => scan(text).hits.map((hit) => hit.detector)

function blobOf(pieces: () => Iterable<Uint8Array>): Blob {
  return {
    place: { type: 'file', path: 'x' },
    size: null,
    contentId: null,
    async *open() {
      yield* pieces()
    },
  }
}

describe('a hit', () => {
  it('tells the span in bytes, lines and columns', () => {
    const secret = token('github-pat-classic')
    const [hit] = scan(`é first\r\nsecond "${secret}"\n`).hits

    expect(hit?.span).toEqual({
      start_line: 2,
      start_column: 9,
      end_line: 2,
      end_column: 49,
      byte_start: 18,
      byte_end: 58,
    })
  })

  it('spans lines where the credential does', () => {
    const key = token('openssh-private-key')
    const [hit] = scan(`\n\n${key}\n`).hits

    expect(hit?.span.start_line).toBe(3)
    expect(hit?.span.end_line).toBe(2 + key.split('\n').length)
  })

  it('holds the credential as a secret that prints no part of it', () => {
    const value = token('npm-access-token')
    const [hit] = scan(value).hits

    expect(hit?.secret.reveal().toString()).toBe(value)
    expect(JSON.stringify(hit)).not.toContain(value.slice(4))
    expect(hit?.redacted).toBe('npm_…')
  })

  it('is sure where the checksum passes', () => {
    const [hit] = scan(token('github-pat-classic')).hits

    expect(hit).toMatchObject({
      check: 'checksum',
      checkPassed: true,
      checkBits: 32,
      confidence: 'high',
      label: null,
    })
  })

  it('is unsure where no check is known', () => {
    expect(scan(token('gitlab-feed-token')).hits[0]).toMatchObject({
      checkPassed: null,
      confidence: 'medium',
    })
    expect(scan(`aws ${token('aws-secret-access-key')}`).hits[0]).toMatchObject({ confidence: 'low' })
  })

  it('is hidden and counted where the checksum fails', () => {
    const { hits, stats } = scan(spoil(token('github-pat-classic')))

    expect(hits[0]).toMatchObject({ checkPassed: false, checkBits: 0, confidence: 'low' })
    expect(stats.drops.check_failed).toBe(1)
  })
})

describe('what nobody can use', () => {
  it('labels an expired JWT and leaves one that still lasts', () => {
    const make = (exp: number) => mintJwt(seededRandom(3), { sub: 'someone', exp })

    expect(scan(make(now / 1000 - 1)).hits[0]?.label).toBe('expired')
    expect(scan(make(now / 1000 + 60)).hits[0]?.label).toBeNull()
  })

  it('labels an encrypted key', () => {
    const body = Buffer.concat([Buffer.from('308184', 'hex'), Buffer.alloc(132, 'k')])
    body.write('3040', 3, 'hex')
    body.write('0440', 3 + 66, 'hex')
    const lines = body.toString('base64').match(/.{1,64}/g) ?? []
    const label = ['ENCRYPTED', 'PRIVATE', 'KEY'].join(' ')

    expect(
      scan(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`).hits[0],
    ).toMatchObject({
      detector: 'pem-private-key',
      label: 'encrypted',
    })
  })

  it('labels a test-mode key', () => {
    const key = token('stripe-secret-key').replace('_live_', '_test_')

    expect(scan(key).hits[0]).toMatchObject({ detector: 'stripe-secret-key', label: 'test_mode' })
  })

  it('labels an AWS key of a known canary account and tells the account', () => {
    const key = mintAwsId(seededRandom(5), '171436882533')

    expect(scan(`id = ${key}`).hits[0]).toMatchObject({ label: 'canary', facts: { account: '171436882533' } })
  })
})

describe('what is dropped', () => {
  it('drops placeholders', () => {
    const { hits, stats } = scan(`a=ghp_${'x'.repeat(36)} b=glpat-your-token-goes-here`)

    expect(hits).toEqual([])
    expect(stats.drops.placeholder).toBe(2)
  })

  it("drops the samples of AWS' and jwt.io's documentation", () => {
    const id = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')
    const jwt = mintJwt(seededRandom(1), { sub: '1234567890', name: 'John Doe', iat: 1_516_239_022 })

    for (const sample of [id, jwt]) {
      const { hits, stats } = scan(`${sample}\n`)

      expect(hits).toEqual([])
      expect(stats.drops.documented_example).toBeGreaterThan(0)
    }
  })

  it('drops what a comment on the same line allows, and nothing on the next line', () => {
    const { hits, stats } = scan(
      `a = "${token('npm-access-token', 1)}" # keyrecall:allow\nb = "${token('npm-access-token', 2)}"\n`,
    )

    expect(hits.map((hit) => hit.span.start_line)).toEqual([2])
    expect(stats.drops.allowed_inline).toBe(1)
  })

  it('heeds no such comment in what others wrote, where it is told so', () => {
    const text = `a = "${token('npm-access-token', 1)}" # keyrecall:allow\n`
    const { hits, stats } = createEngine(detectors, { heedComments: false }).scanBytes(Buffer.from(text))
    const alongDeltas = createEngine(detectors, { heedComments: false }).tree()

    expect(hits).toHaveLength(1)
    expect(stats.drops.allowed_inline).toBeUndefined()
    expect(alongDeltas.scan(Buffer.from(text), 0, null)).toHaveLength(1)
  })

  it('drops a run that goes on beyond the token, and does not look at the middle of one', () => {
    const { hits, stats } = scan(`${token('npm-access-token')}A and B${token('npm-access-token')}`)

    expect(hits).toEqual([])
    expect(stats.drops.boundary).toBe(1)
  })
})

describe('a pair', () => {
  it('is reported once, by its id', () => {
    const [id, secret] = [token('aws-access-key-id'), token('aws-secret-access-key')]
    const { hits } = scan(`aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`)

    expect(hits.map((hit) => hit.detector)).toEqual(['aws-access-key-id'])
    expect(hits[0]?.companion?.reveal().toString()).toBe(secret)
  })

  it('joins each id with the secret of its own profile', () => {
    const profile = (seed: number) =>
      `[p${seed}]\naws_access_key_id = ${token('aws-access-key-id', seed)}\naws_secret_access_key = ${token('aws-secret-access-key', seed)}\n`
    const { hits } = scan(profile(1) + profile(2) + profile(3))

    expect(hits.map((hit) => hit.companion?.reveal().toString())).toEqual(
      [1, 2, 3].map((seed) => token('aws-secret-access-key', seed)),
    )
  })

  it('stays apart beyond the distance', () => {
    const far = `${token('aws-access-key-id')}\n${'#\n'.repeat(300)}aws ${token('aws-secret-access-key')}\n`

    expect(ids(far)).toEqual(['aws-access-key-id', 'aws-secret-access-key'])
  })
})

describe('where two detectors claim the same bytes', () => {
  it('keeps the stateless installation token, not the JWT in it', () => {
    expect(ids(token('github-app-installation-token-stateless'))).toEqual([
      'github-app-installation-token-stateless',
    ])
  })

  it('keeps one hit for a token met plain and in a decoded copy of its surroundings', () => {
    expect(ids(`https://x.example/?a=%20b&t=${token('npm-access-token')}&c=%22`)).toEqual([
      'npm-access-token',
    ])
    expect(ids(`"\\u0041 ${token('npm-access-token')} \\u0041"`)).toEqual(['npm-access-token'])
  })
})

describe('a stream', () => {
  it('finds a credential that pieces of one byte bring', async () => {
    const text = Buffer.from(`x = "${token('github-pat-classic')}"\n`)
    const { hits, stats } = await engine.scan(
      blobOf(() => Array.from(text, (byte) => Uint8Array.of(byte))),
      AbortSignal.timeout(60_000),
    )

    expect(hits).toHaveLength(1)
    expect(stats).toMatchObject({ blobs: 1, bytesScanned: text.length, candidates: 1, hits: 1 })
  })

  it('gets over a line of 100 MB with NUL bytes and invalid UTF-8', async () => {
    const filler = Buffer.alloc(1 << 20, 'a\xff\0 b', 'latin1')
    const secret = token('npm-access-token')
    function* pieces() {
      for (let i = 0; i < 100; i++) yield filler
      yield Buffer.from(` ${secret} `)
      yield filler
    }
    const { hits } = await engine.scan(blobOf(pieces), AbortSignal.timeout(60_000))

    expect(hits.map(({ span }) => [span.start_line, span.byte_start])).toEqual([[1, (100 << 20) + 1]])
  })

  it('stops when told to', async () => {
    const aborted = AbortSignal.abort()

    await expect(
      engine.scan(
        blobOf(() => [Buffer.from('x')]),
        aborted,
      ),
    ).rejects.toThrow()
  })

  it('scans nothing in nothing', () => {
    expect(scan('')).toEqual({
      hits: [],
      stats: { blobs: 1, bytesScanned: 0, candidates: 0, hits: 0, drops: {} },
    })
  })
})

describe('the name of the set', () => {
  it('changes with the detectors', () => {
    expect(createEngine(detectors.slice(1)).detectorSet).not.toBe(engine.detectorSet)
    expect(createEngine(detectors).detectorSet).toBe(engine.detectorSet)
  })
})
