import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seal, unseal } from '../../src/base/seal.ts'
import { deriveKeys } from '../../src/base/service-key.ts'

const key = randomBytes(32)

test('what is sealed opens with the same key and row, and shows nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8 }), fc.string(), (plain, aad) => {
      const bytes = Buffer.from(plain)
      const sealed = seal(key, bytes, aad)
      expect(unseal(key, sealed, aad)).toEqual(bytes)
      expect(sealed.includes(bytes)).toBe(false)
      expect(seal(key, bytes, aad).equals(sealed)).toBe(false)
    }),
  )
})

test('any changed byte, another row or another key opens nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, flip) => {
      const sealed = seal(key, Buffer.from(plain), 'row')
      const changed = Buffer.from(sealed)
      const index = at % changed.length
      changed.writeUInt8((changed[index] ?? 0) ^ flip, index)
      const config = expect.objectContaining({ code: 'config' })
      expect(() => unseal(key, changed, 'row')).toThrow(config)
      expect(() => unseal(key, sealed, 'other')).toThrow(config)
      expect(() => unseal(randomBytes(32), sealed, 'row')).toThrow(config)
      expect(() => unseal(key, sealed.subarray(0, sealed.length - 1), 'row')).toThrow(config)
    }),
  )
})

test('no two derived keys are the same, nor those of two versions', () => {
  const values = [1, 2].flatMap((version) => {
    const { fingerprint, seal: sealing, idempotency, checkValue } = deriveKeys(Buffer.alloc(32, 1), version)
    return [fingerprint, sealing, idempotency, checkValue].map((one) => one.toString('hex'))
  })

  expect(new Set(values).size).toBe(8)
  expect(() => deriveKeys(Buffer.alloc(31), 1)).toThrow(expect.objectContaining({ code: 'config' }))
})
