import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'

const engine = createEngine(detectors, { now: () => Date.UTC(2026, 0, 1) })

function told(text: string): string[] {
  return engine
    .scanBytes(Buffer.from(text))
    .hits.map(({ detector, confidence }) => `${detector} ${confidence}`)
}

test('a key of Ceph is proved by its type, its length and when it was made', () => {
  const key = mintFor('ceph-key', seededRandom(5))
  const bytes = Buffer.from(key, 'base64')

  expect(told(`[client.admin]\n\tkey = ${key}\n`)).toEqual(['ceph-key high'])
  for (const [at, value] of [
    [5, 0xff],
    [9, 0xff],
    [10, 0x20],
  ] as const) {
    const other = Buffer.from(bytes)
    other[at] = value
    expect(told(`blob ${other.toString('base64')}\n`), `byte ${at}`).not.toContain('ceph-key high')
  }
})

test('what `vault operator init` prints is told, in both ways of writing', () => {
  const shares = [randomBytes(33).toString('base64'), randomBytes(33).toString('hex')]
  const text = `Unseal Key 1: ${shares[0]}\nRecovery Key 2 (hex): ${shares[1]}\nUnseal Key 3: ${randomBytes(20).toString('base64')}\n`

  expect(told(text).filter((one) => one.startsWith('vault-unseal-key'))).toEqual([
    'vault-unseal-key medium',
    'vault-unseal-key medium',
  ])
})

test('keys that clusters and name servers share are told by where they stand', () => {
  const key = randomBytes(32).toString('base64')

  expect(told(`server {\n  encrypt = "${key}"\n}\n`)).toContain('gossip-encryption-key medium')
  expect(told(`{"datacenter": "a", "encrypt": "${key}"}`)).toContain('gossip-encryption-key medium')
  expect(told(`{"data": "${key}", "encrypt": "yes"}`)).not.toContain('gossip-encryption-key medium')
  expect(told(`key "k" {\n  algorithm hmac-sha256;\n  secret "${key}";\n};\n`)).toContain('tsig-key medium')
})
