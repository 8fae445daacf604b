/** Signatures as strict receivers check them, with the vector GitHub publishes for its partner program. */
import { createSign, createVerify, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodySignatureHolds, decodeBase64, header, isStrictDer } from '../../src/issuer-kit/signature.ts'

const published = {
  body: Buffer.from(
    '[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base-repo-url/"}]',
  ),
  signature:
    'MEQCIQDaMKqrGnE27S0kgMrEK0eYBmyG0LeZismAEz/BgZyt7AIfXt9fErtRS4XaeSt/AO1RtBY66YcAdjxji410VQV4xg==',
  key: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd
AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==
-----END PUBLIC KEY-----
`,
}

describe('the signature of a body', () => {
  it("holds for GitHub's published vector", () => {
    expect(published.body.length).toBe(104)
    expect(bodySignatureHolds(published.body, published.key, published.signature)).toBe(true)
  })

  it('holds for no other body', () => {
    fc.assert(
      fc.property(fc.nat(published.body.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(published.body)
        changed[at] = (changed[at] ?? 0) ^ flip
        expect(bodySignatureHolds(changed, published.key, published.signature)).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('does not hold under a key of another curve or a text that is no key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const signature = createSign('SHA256').update(published.body).sign(other.privateKey).toString('base64')
    const pem = other.publicKey.export({ type: 'spki', format: 'pem' }).toString()

    expect(bodySignatureHolds(published.body, pem, signature)).toBe(false)
    expect(bodySignatureHolds(published.body, 'no key', published.signature)).toBe(false)
  })

  it('is refused in the 64-byte form that is not DER', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const raw = sign('sha256', published.body, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })

    expect(raw.length).toBe(64)
    expect(bodySignatureHolds(published.body, pem, raw.toString('base64'))).toBe(false)
  })
})

describe('strict DER', () => {
  it('takes what OpenSSL makes, and OpenSSL takes nothing that it refuses', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(isStrictDer(sign('sha256', bytes, pair.privateKey))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['a byte after the end', (der: Buffer) => Buffer.concat([der, Buffer.from([0])])],
    ['a wrong length', (der: Buffer) => Buffer.from([0x30, der.length - 1, ...der.subarray(2)])],
    ['a long-form length', (der: Buffer) => Buffer.from([0x30, 0x81, der.length - 2, ...der.subarray(2)])],
    ['a missing end', (der: Buffer) => der.subarray(0, -1)],
    ['no sequence', (der: Buffer) => Buffer.from([0x31, ...der.subarray(1)])],
  ])('refuses %s', (_name, spoil) => {
    const der = Buffer.from(published.signature, 'base64')
    expect(isStrictDer(der)).toBe(true)
    expect(isStrictDer(spoil(der))).toBe(false)
  })

  it('refuses integers that are negative, empty or padded', () => {
    const sequence = (...parts: number[][]) => {
      const body = parts.flatMap((part) => [0x02, part.length, ...part])
      return Buffer.from([0x30, body.length, ...body])
    }
    expect(isStrictDer(sequence([0x7f], [0x00, 0x80]))).toBe(true)
    expect(isStrictDer(sequence([0x80, 1], [0x01]))).toBe(false)
    expect(isStrictDer(sequence([], [0x01, 2, 3, 4]))).toBe(false)
    expect(isStrictDer(sequence([0x00, 0x01], [0x01]))).toBe(false)
    expect(isStrictDer(sequence([0x00], [0x01, 2]))).toBe(false)
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void isStrictDer(Buffer.from(bytes))))
  })
})

it('base64 has one spelling for each value', () => {
  expect(decodeBase64('QQ==')?.toString()).toBe('A')
  for (const text of ['QQ', 'QQ=', 'QR==', 'Q Q==', 'QQ==\n', 'Q-_=']) expect(decodeBase64(text)).toBeNull()
})

it('headers are found in any case and form, and never when ambiguous', () => {
  expect(header({ 'WEBHOOK-ID': 'a' }, 'webhook-id')).toBe('a')
  expect(header(new Headers({ 'Webhook-Id': 'a' }), 'webhook-id')).toBe('a')
  expect(header({ 'webhook-id': ['a', 'b'] }, 'webhook-id')).toBeNull()
  expect(header({ 'webhook-id': 'a', 'Webhook-Id': 'b' }, 'webhook-id')).toBeNull()
  expect(header({}, 'webhook-id')).toBeNull()
})

it("agrees with node's own verification on signatures of another tool's shape", () => {
  const verify = createVerify('SHA256').update(published.body)
  expect(verify.verify(published.key, published.signature, 'base64')).toBe(true)
})
