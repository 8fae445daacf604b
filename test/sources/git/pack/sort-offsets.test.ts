import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PackIndex } from '../../../../src/sources/git/pack/pack-index.ts'
import { sortOffsets } from '../../../../src/sources/git/pack/sort-offsets.ts'

it('puts the objects of packs of any size in the order they stand in', () => {
  const sizes = fc.constantFrom(2000, 2 ** 24, 2 ** 31 + 5, 2 ** 32, 2 ** 32 + 1, 2 ** 42)
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.double({ min: 0, max: 1.1, noNaN: true }), { maxLength: 300 }),
      (end, places) => {
        const given = places.map((place) => Math.floor(place * end))
        const index = { count: given.length, offset: (position: number) => given[position] ?? 0 }

        const { offsets, positions } = sortOffsets(index as PackIndex, end)

        const inside = given.map((offset) => Math.min(offset, end))
        expect([...offsets]).toEqual([...inside.toSorted((one, other) => one - other), end])
        expect([...positions].map((position) => inside[position])).toEqual([...offsets].slice(0, -1))
        expect(new Set(positions).size).toBe(given.length)
      },
    ),
    { seed: 9, numRuns: 200 },
  )
})
