import { truncateSync, writeFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { PackOptions } from '../../../../src/sources/git/pack/shape.ts'
import { openObjectStore } from '../../../../src/sources/git/pack/store.ts'
import { createPackedRepo, type PackedObject, simpleDelta, writePack } from '../../../support/pack-file.ts'
import { idOf, walkAll } from '../../../support/walked-objects.ts'

const made: string[] = []

afterEach(() => Promise.all(made.splice(0).map((path) => rm(path, { recursive: true, force: true }))))

function repoOf(...packs: PackedObject[][]): string {
  const path = createPackedRepo(packs.map((objects) => writePack(objects)))
  made.push(path)
  return path
}

function blob(text: string): PackedObject {
  const data = Buffer.from(text)
  return { id: idOf('blob', data), type: 3, data }
}

/** A blob made from `base`, number `at` in its pack, by putting text behind it. */
function derived(base: PackedObject, content: string, at: number, text: string): [PackedObject, string] {
  const whole = content + text
  const data = simpleDelta(content.length, 0, content.length, text)
  return [{ id: idOf('blob', Buffer.from(whole)), type: 6, data, base: at }, whole]
}

async function walk(path: string, options: PackOptions = {}) {
  const walked = await walkAll(path, 2, options)
  expect(walked).toMatchObject({ twice: [], wrong: [] })
  return { shown: [...walked.shown.keys()].sort(), problems: walked.problems, derived: walked.derived }
}

const good = blob('good content that stays readable\n')
const other = blob('other content\n')

describe('a damaged pack', () => {
  const cases: [string, Partial<PackedObject>, RegExp][] = [
    [
      'compressed bytes that are none',
      { compressed: Buffer.from('no zlib at all, surely') },
      /bytes are broken/,
    ],
    ['a wrong checksum', { compressed: wrongChecksum(other.data) }, /checksum is wrong/],
    ['a size above the real one', { size: 5000 }, /smaller than it says/],
    ['a size below the real one', { size: 3 }, /larger than it says/],
    ['a type there is not', { type: 5 }, /holds no object/],
    ['a base before the pack', { type: 6, distance: 5_000_000 }, /holds no object/],
    ['a base in the middle of another', { type: 6, distance: 7 }, /holds no object/],
    ['a base that is nowhere', { type: 7, baseId: '12'.repeat(20) }, /holds no object/],
    ['a place behind the end', { offset: 1_000_000 }, /holds no object/],
    ['a place beyond any file', { offset: 2 ** 52 }, /holds no object/],
  ]

  it.each(cases)('with %s costs that object alone', async (_, wrong, why) => {
    const path = repoOf([good, { ...other, ...wrong }])

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([good.id])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ problem: 'error', code: 'unreadable', subject: other.id })
    expect(problems[0]?.message).toMatch(why)
    const store = await openObjectStore(path)
    expect(store.read(other.id)).toBeNull()
    expect(store.read(good.id)?.bytes.toString()).toBe('good content that stays readable\n')
    store.close()
  })

  it('tells of a broken base once, and counts what is made from it', async () => {
    const [first, text] = derived(other, 'other content\n', 1, 'more\n')
    const [second] = derived(first, text, 2, 'and more\n')
    const path = repoOf([good, { ...other, compressed: wrongChecksum(other.data) }, first, second])

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([good.id])
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('checksum is wrong'),
      expect.stringContaining('2 more objects'),
    ])
  })

  it('gives way to a copy in another pack or a file', async () => {
    const [child] = derived(other, 'other content\n', 1, 'more\n')
    const bad = { ...other, compressed: wrongChecksum(other.data) }
    const path = repoOf([good, bad, child, { ...blob('third'), type: 5 }], [other])
    const third = blob('third')
    await mkdir(join(path, 'objects', third.id.slice(0, 2)))
    const file = Buffer.concat([Buffer.from('blob 5\0'), third.data])
    await writeFile(join(path, 'objects', third.id.slice(0, 2), third.id.slice(2)), deflateSync(file))

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([good.id, other.id, third.id].sort())
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('1 more objects')])
  })

  it('with bases in a circle costs only what is in it or made from it', async () => {
    const [one, two, three] = ['1', '2', '3'].map((name) => blob(name)) as [
      PackedObject,
      PackedObject,
      PackedObject,
    ]
    const data = simpleDelta(1, 0, 1, '')
    const path = repoOf([
      { ...one, type: 7, baseId: two.id, data },
      { ...two, type: 7, baseId: one.id, data },
      { ...three, type: 6, base: 1, data },
      good,
    ])

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([good.id])
    expect(problems).toHaveLength(2)
    const store = await openObjectStore(path)
    expect([one, two, three].map(({ id }) => store.read(id))).toEqual([null, null, null])
    store.close()
  })

  it('with a delta that reaches beyond its base or its size costs that object alone', async () => {
    const broken = [
      simpleDelta(good.data.length, 10, good.data.length, ''),
      simpleDelta(good.data.length, 0, 0, 'text').subarray(0, -2),
      Buffer.concat([simpleDelta(good.data.length, 0, 3, 'text'), Buffer.from([0])]),
      Buffer.concat([simpleDelta(good.data.length, 0, 3, ''), Buffer.from([0xff])]),
      simpleDelta(good.data.length + 1, 0, 3, 'text'),
      Buffer.from([0x80]),
      Buffer.alloc(0),
    ]
    const children = broken.map((data, i) => ({ ...blob(`broken ${i}`), type: 6, base: 0, data }))
    const path = repoOf([good, ...children])

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([good.id])
    expect(problems.map(({ subject }) => subject).sort()).toEqual(children.map(({ id }) => id).sort())
  })

  it('cut off anywhere gives what stands before the cut, and says so', async () => {
    const blobs = Array.from({ length: 6 }, (_, i) => blob(`content of number ${i}\n`))
    const written = writePack(blobs)
    for (const length of [0, 5, 12, 40, 100, written.pack.length - 1]) {
      const path = createPackedRepo([written])
      made.push(path)
      truncateSync(join(path, 'objects/pack/pack-0.pack'), length)

      const { shown, problems } = await walk(path)

      expect(shown.length).toBeLessThanOrEqual(6)
      if (length > 100) expect(shown.length).toBeGreaterThanOrEqual(5)
      expect(problems.length).toBeGreaterThan(0)
    }
  })

  it('beside the index of another gives nothing under a wrong name', async () => {
    const first = writePack([good, other])
    const swapped = writePack([
      { ...good, id: other.id },
      { ...other, id: good.id },
    ])
    const path = createPackedRepo([{ pack: first.pack, index: writePack([good, other, blob('x')]).index }])
    const twisted = createPackedRepo([
      { pack: Buffer.concat([swapped.pack, Buffer.from('!')]), index: first.index },
    ])
    made.push(path, twisted)

    expect((await walk(path)).problems[0]?.message).toMatch(/not that of its index/)
    const { shown, problems } = await walk(twisted)
    expect(shown.every((id) => [good.id, other.id].includes(id))).toBe(true)
    expect(problems.length).toBeGreaterThan(0)
  })

  it('with an index that is none does not keep others from being read', async () => {
    const path = repoOf([good], [other], [blob('x')])
    writeFileSync(join(path, 'objects/pack/pack-0.idx'), 'not an index')
    writeFileSync(join(path, 'objects/pack/pack-1.pack'), 'not a pack')

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([blob('x').id])
    expect(problems.map(({ subject }) => subject.slice(-11))).toEqual(['pack-0.pack', 'pack-1.pack'])
  })
})

describe('an unusual pack', () => {
  it('of deltas thousands deep is walked whole, also where next to nothing may be kept', async () => {
    const objects: PackedObject[] = [good]
    let text = good.data.toString()
    for (let i = 0; i < 12_000; i++) {
      const cut = text.slice(0, 30)
      const data = simpleDelta(text.length, 0, Math.min(30, text.length), `${i}`)
      text = `${cut}${i}`
      objects.push({ id: idOf('blob', Buffer.from(text)), type: 6, data, base: i })
    }
    const path = repoOf(objects)

    expect((await walk(path)).shown).toHaveLength(12_001)
    const { shown, problems } = await walk(path, { maxKeptBytes: 0 })

    expect(shown).toHaveLength(12_001)
    expect(problems).toEqual([])
    const store = await openObjectStore(path)
    expect(store.read(idOf('blob', Buffer.from(text)))?.bytes.toString()).toBe(text)
    store.close()
  })

  it('with objects above the limit names them and reads on; what is made from them is shown', async () => {
    const large = blob('x'.repeat(1500))
    const huge = blob('y'.repeat(5000))
    const fromLarge = { ...blob('x'.repeat(10)), type: 6, base: 1, data: simpleDelta(1500, 0, 10, '') }
    const fromHuge = { ...blob('y'.repeat(10)), type: 6, base: 2, data: simpleDelta(5000, 0, 10, '') }
    const path = repoOf([good, large, huge, fromLarge, fromHuge])

    const { shown, problems } = await walk(path, { maxBlobBytes: 1000 })

    expect(shown).toEqual([good.id, fromLarge.id].sort())
    expect(problems.map(({ problem, code, subject }) => ({ problem, code, subject }))).toEqual(
      expect.arrayContaining(
        [large, huge, fromHuge].map(({ id }) => ({ problem: 'skipped', code: 'too_large', subject: id })),
      ),
    )
  })

  it('that says of a small object that it has gigabytes neither takes the memory nor stops', async () => {
    const path = repoOf([good, { ...other, size: 2 ** 31 }, { ...blob('z'), size: 2 ** 50 }])

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([good.id])
    expect(problems.map(({ code }) => code)).toEqual(['too_large', 'too_large'])
  })

  it('whose deltas stand on another pack or a file, or behind their base, is read whole', async () => {
    const [child, text] = derived(other, 'other content\n', 0, 'more\n')
    const [grandchild] = derived(child, text, 0, 'and more\n')
    const path = repoOf(
      [other],
      [
        { ...grandchild, type: 7, baseId: child.id },
        { ...child, type: 7, baseId: other.id },
      ],
    )

    expect(await walk(path)).toEqual({
      shown: [other.id, child.id, grandchild.id].sort(),
      problems: [],
      derived: 1,
    })
  })
})

describe('a damaged loose object', () => {
  it.each([
    ['no zlib', Buffer.from('nothing of the kind'), /does not begin as an object/],
    ['no header', deflateSync(Buffer.from('blab 3\0abc')), /does not begin as an object/],
    ['more than it says', deflateSync(Buffer.from('blob 3\0abcdef')), /larger than it says/],
    ['less than it says', deflateSync(Buffer.from('blob 30\0abcdef')), /broken/],
    [
      'half of itself',
      deflateSync(Buffer.from(`blob 3000\0${'abc'.repeat(1000)}`)).subarray(0, 20),
      /broken|begin/,
    ],
  ])('with %s is told and costs nothing else', async (_, content, why) => {
    const path = repoOf([good])
    await mkdir(join(path, 'objects', 'ab'))
    await writeFile(join(path, 'objects', 'ab', 'cd'.repeat(19)), content)

    const { shown, problems } = await walk(path)

    expect(shown).toEqual([good.id])
    expect(problems).toEqual([
      {
        problem: 'error',
        code: 'unreadable',
        subject: `ab${'cd'.repeat(19)}`,
        message: expect.stringMatching(why),
      },
    ])
  })
})

function wrongChecksum(data: Buffer): Buffer {
  const compressed = deflateSync(data)
  const last = compressed.length - 1
  compressed[last] = (compressed[last] ?? 0) ^ 1
  return compressed
}
