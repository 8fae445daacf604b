/** Credentials in encoded text: found, told once, and mapped back to the stored bytes. */
import { describe, expect, it } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'

const engine = createEngine(detectors)
const secret = mintFor('github-pat-classic', seededRandom(9))

const encoders: Readonly<Record<string, (text: string) => Buffer>> = {
  base64: (text) => Buffer.from(Buffer.from(text).toString('base64')),
  hex: (text) => Buffer.from(Buffer.from(text).toString('hex')),
  percent: (text) => Buffer.from(Buffer.from(text).toString('hex').replace(/../g, '%$&')),
  'unicode-escape': (text) =>
    Buffer.from(text.replace(/[^]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
}

const decoders: Readonly<Record<string, (bytes: Buffer) => string>> = {
  base64: (bytes) => Buffer.from(bytes.toString(), 'base64').toString('latin1'),
  hex: (bytes) => Buffer.from(bytes.toString(), 'hex').toString('latin1'),
  percent: (bytes) => decodeURIComponent(bytes.toString()),
  'unicode-escape': (bytes) => JSON.parse(`"${bytes.toString()}"`) as string,
  'utf-16le': (bytes) => bytes.toString('utf16le'),
  'utf-16be': (bytes) => Buffer.from(bytes).swap16().toString('utf16le'),
}

function embed(encoded: Buffer): Buffer {
  return Buffer.concat([Buffer.from('first line\nvalue: "'), encoded, Buffer.from('"\n')])
}

/** UTF-16 is the encoding of a whole file, the others of a value in one. */
function store(name: string, text: string): Buffer {
  const encode = encoders[name] ?? Buffer.from
  return name.startsWith('utf') ? encode(embed(Buffer.from(text)).toString()) : embed(encode(text))
}

describe.each(Object.keys(encoders))('%s', (name) => {
  const decode = decoders[name] ?? String

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'is found %i characters into the text, at exactly its stored bytes',
    (offset) => {
      const stored = store(name, `${'token is = '.slice(-offset || 20)}${secret} and more`)
      const { hits } = engine.scanBytes(stored)

      expect(hits.map((hit) => [hit.secret.reveal().toString(), hit.decoding])).toEqual([[secret, [name]]])
      const { byte_start, byte_end } = hits[0]?.span ?? { byte_start: 0, byte_end: 0 }
      const wide = stored.subarray(byte_start, byte_end)
      // Base64 shares characters between neighbours, so its span may hold a few bits more.
      if (name === 'base64') expect(wide.length).toBeLessThanOrEqual(Math.ceil((secret.length * 4) / 3) + 1)
      else expect(decode(wide)).toBe(secret)
    },
  )
})

describe('base64', () => {
  it('spans the characters that hold bits of the credential', () => {
    const stored = embed(Buffer.from(Buffer.from(`ab ${secret} z`).toString('base64')))
    const [hit] = engine.scanBytes(stored).hits

    const start = stored.indexOf('"') + 1
    expect(hit?.span.byte_start).toBe(start + 4)
  })

  it('is found with line breaks in it', () => {
    const lines = Buffer.from(`some text before it ${secret} and some text after it, long enough for lines`)
      .toString('base64')
      .match(/.{1,40}/g)
    const { hits } = engine.scanBytes(Buffer.from(`MIME\n\n${lines?.join('\r\n')}\n`))

    expect(hits.map((hit) => [hit.secret.reveal().toString(), hit.span.start_line])).toEqual([[secret, 3]])
  })

  it('of a whole key file is found', () => {
    const key = mintFor('pem-private-key', seededRandom(4))
    const { hits } = engine.scanBytes(
      Buffer.from(`data:\n  tls.key: ${Buffer.from(key).toString('base64')}\n`),
    )

    expect(hits.map((hit) => [hit.detector, hit.checkPassed])).toEqual([['pem-private-key', true]])
  })

  it('keeps its alphabet apart in the name', () => {
    const url = Buffer.from(`>>>???>>>???~~~ ${secret}`).toString('base64url')
    const { hits } = engine.scanBytes(Buffer.from(`x=${url}`))

    expect(hits[0]?.decoding).toEqual(['base64url'])
  })
})

describe('nesting', () => {
  it('is followed to the third level, and told outermost first', () => {
    const twice = encoders['base64']?.((encoders['hex']?.(`t=${secret}`) ?? '').toString()) ?? Buffer.alloc(0)
    const { hits } = engine.scanBytes(embed(Buffer.from(twice.toString().replaceAll('N', '%4E'))))

    expect(hits.map((hit) => hit.decoding)).toEqual([['percent', 'base64', 'hex']])
  })

  it('is left alone beyond', () => {
    let text = `t=${secret}`
    for (let i = 0; i < 4; i++) text = Buffer.from(text).toString('base64')

    expect(engine.scanBytes(Buffer.from(text)).hits).toEqual([])
  })

  it('maps the innermost span to the outermost bytes', () => {
    const inner = Buffer.from(`key: ${secret};`).toString('hex')
    const stored = Buffer.from(`\n${inner}`, 'utf16le')
    const [hit] = engine.scanBytes(stored).hits
    const bytes = stored.subarray(hit?.span.byte_start, hit?.span.byte_end)

    expect(Buffer.from(bytes.toString('utf16le'), 'hex').toString()).toBe(secret)
  })
})
