import { constants, deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copiesRoom, readDeltaSizes } from '../../../../src/sources/git/pack/delta.ts'
import { Heap } from '../../../../src/sources/git/pack/heap.ts'

const heaps = [
  ['WebAssembly', new Heap()],
  ['Node', new Heap(null)],
] as const

/** Content as it is found: noise, few letters, runs, and repeats from near and far. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ maxLength: 200 }).map((text) => Buffer.from(text)),
      fc.tuple(fc.nat(255), fc.nat(2000)).map(([byte, length]) => Buffer.alloc(length, byte)),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(300))
        .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes))),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.concat([...pieces, ...pieces.slice(0, 3)]))

const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.integer({ min: 0, max: 4 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
})

/** Decompresses between marked bytes, and fails where one of these changed. */
function inflate(heap: Heap, compressed: Buffer, size: number) {
  heap.reset()
  const input = heap.allocate(compressed.length)
  const output = heap.allocate(size)
  if (!input || !output) throw new Error('no room')
  heap.bytes.fill(0xa5, input.at, output.at + size + 4096)
  compressed.copy(heap.bytes, input.at)
  const status = heap.inflate(input.at, input.at + compressed.length, output.at, output.at + size)
  expect(heap.bytes.subarray(input.at, input.at + compressed.length).equals(compressed)).toBe(true)
  // As many as may be overwritten lie in between.
  const behind = heap.bytes.subarray(output.at + size + 64, output.at + size + 4096)
  expect(behind.every((byte) => byte === 0xa5)).toBe(true)
  return {
    status,
    used: heap.used,
    made: heap.made,
    bytes: Buffer.from(heap.bytes.subarray(output.at, output.at + heap.made)),
  }
}

describe.each(heaps)('a heap with the decoder of %s', (name, heap) => {
  const numRuns = name === 'Node' ? 50 : 400

  it('decompresses what zlib compressed, in any way, and says how much of the input it took', () => {
    fc.assert(
      fc.property(content, options, fc.nat(40), (bytes, options, more) => {
        const compressed = deflateSync(bytes, options)

        const answer = inflate(heap, Buffer.concat([compressed, Buffer.alloc(more, 0xff)]), bytes.length)

        expect(answer).toMatchObject({ status: 0, used: compressed.length, made: bytes.length })
        expect(answer.bytes.equals(bytes)).toBe(true)
      }),
      { seed: 5, numRuns },
    )
  })

  it('answers as zlib does where the input is damaged or cut off, and writes nothing beyond the end', () => {
    const damage = fc.oneof(
      fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), bit: fc.nat(7) }),
      fc.record({ cut: fc.double({ min: 0, max: 1, noNaN: true }) }),
    )
    fc.assert(
      fc.property(
        content,
        options,
        damage,
        fc.integer({ min: -3, max: 3 }),
        (bytes, options, damage, off) => {
          let compressed = deflateSync(bytes, options)
          if ('cut' in damage) compressed = compressed.subarray(0, Math.floor(damage.cut * compressed.length))
          else {
            const at = Math.floor(damage.at * (compressed.length - 1))
            compressed[at] = (compressed[at] ?? 0) ^ (1 << damage.bit)
          }
          const size = Math.max(0, bytes.length + off)

          const answer = inflate(heap, compressed, size)

          const expected = inflated(compressed)
          if (expected && expected.length <= size) expect(answer.bytes.equals(expected)).toBe(true)
          expect(answer.status === 0).toBe(expected !== null && expected.length <= size)
        },
      ),
      { seed: 6, numRuns },
    )
  })

  it('survives input that is noise behind a valid beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(3), (noise, kind) => {
        const compressed = Buffer.concat([
          Buffer.from([0x78, 0x9c, ((noise[0] ?? 0) & 0xf8) | (kind << 1)]),
          noise,
        ])

        const { status, bytes } = inflate(heap, compressed, 1000)

        const expected = inflated(compressed)
        expect(status === 0).toBe(expected !== null && expected.length <= 1000)
        if (status === 0) expect(bytes.equals(expected ?? Buffer.alloc(0))).toBe(true)
      }),
      { seed: 7, numRuns: 2 * numRuns },
    )
  })

  it('stops a bomb at the size it was given', () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000), { level: 9 })

    expect(inflate(heap, bomb, 1000).status).toBeLessThan(0)
  })

  it('applies deltas and lists their copies, joined where they go on', () => {
    const step = fc.oneof(
      fc.record({ from: fc.nat(70_000), length: fc.integer({ min: 1, max: 0x10000 }) }),
      fc.record({ text: fc.uint8Array({ minLength: 1, maxLength: 127 }) }),
      fc.constant('go on' as const),
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 70_000 }),
        fc.array(step, { maxLength: 30 }),
        (baseSize, steps) => {
          const base = Buffer.from(Array.from({ length: baseSize }, (_, i) => (i * 7919) >> 3))
          const { delta, result, copies } = follow(base, steps)
          heap.reset()
          const room = copiesRoom(delta.length, result.length)
          const [deltaSlot, baseSlot, out, list] = [delta.length, baseSize, result.length, room].map((size) =>
            heap.allocate(size),
          )
          if (!deltaSlot || !baseSlot || !out || !list) throw new Error('no room')
          delta.copy(heap.bytes, deltaSlot.at)
          base.copy(heap.bytes, baseSlot.at)
          const sizes = readDeltaSizes(heap.bytes, deltaSlot.at, deltaSlot.at + delta.length)
          const end = deltaSlot.at + delta.length

          const count = heap.applyDelta(sizes.at, end, baseSlot.at, baseSize, out.at, sizes.size, list.at)

          expect(sizes).toMatchObject({ baseSize, size: result.length })
          expect(heap.bytes.subarray(out.at, out.at + result.length).equals(result)).toBe(true)
          expect([...heap.words.subarray(list.at >> 2, (list.at >> 2) + 3 * count)]).toEqual(copies)
        },
      ),
      { seed: 8, numRuns: Math.ceil(numRuns / 4) },
    )
  })
})

type Step = { from: number; length: number } | { text: Uint8Array } | 'go on'

/** The delta of some steps, what it makes, and its copies. */
function follow(base: Buffer, steps: readonly Step[]) {
  const instructions: Buffer[] = []
  const pieces: Buffer[] = []
  const copies: number[] = []
  let at = 0
  let next = 0
  let joins = false
  for (const step of steps) {
    if (step !== 'go on' && 'text' in step) {
      instructions.push(Buffer.from([step.text.length, ...step.text]))
      pieces.push(Buffer.from(step.text))
      at += step.text.length
      joins = false
      continue
    }
    const from = step === 'go on' ? next : Math.min(step.from, base.length)
    const length = Math.min(step === 'go on' ? 500 : step.length, base.length - from)
    if (length === 0) continue
    instructions.push(copyOf(from, length))
    pieces.push(base.subarray(from, from + length))
    if (joins && from === next) copies.push((copies.pop() ?? 0) + length)
    else copies.push(at, from, length)
    joins = true
    next = from + length
    at += length
  }
  return {
    delta: Buffer.concat([varint(base.length), varint(at), ...instructions]),
    result: Buffer.concat(pieces),
    copies,
  }
}

/** The shortest instruction, as git writes it: bytes of zero are left out, and 64 KiB has no size. */
function copyOf(from: number, length: number): Buffer {
  const bytes = [0x80]
  for (let i = 0; i < 4; i++) {
    const byte = Math.floor(from / 256 ** i) & 0xff
    if (byte !== 0) bytes.push(byte)
    if (byte !== 0) bytes[0] = (bytes[0] ?? 0) | (1 << i)
  }
  for (let i = 0; i < 3; i++) {
    const byte = Math.floor((length === 0x10000 ? 0 : length) / 256 ** i) & 0xff
    if (byte !== 0) bytes.push(byte)
    if (byte !== 0) bytes[0] = (bytes[0] ?? 0) | (16 << i)
  }
  return Buffer.from(bytes)
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

function inflated(compressed: Buffer): Buffer | null {
  try {
    return inflateSync(compressed, { finishFlush: constants.Z_FINISH })
  } catch {
    return null
  }
}
