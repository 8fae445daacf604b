import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesQuery, parseQuery } from '../../../src/demo/github/search-query.ts'
import type { DemoRepository } from '../../../src/demo/github/world.ts'
import { type SearchSlice, sliceQuery, splitSlice } from '../../../src/sources/github/slice.ts'

const repository = { fullName: 'acme/web', owner: { login: 'acme' } } as unknown as DemoRepository

interface File {
  path: string
  size: number
  language: string | null
}

const file = fc.record({
  path: fc.constantFrom('top.txt', 'a/deep.txt', 'b/c/d.txt'),
  size: fc.integer({ min: 0, max: 393_216 }),
  language: fc.constantFrom(null, 'python', 'json', 'javascript', 'shell', 'rust'),
})

function holds(slice: SearchSlice, { path, size, language }: File): boolean {
  const indexed = { path, size, language, sha: '', text: 'needle' }
  return matchesQuery(parseQuery(sliceQuery(slice)), repository, indexed)
}

function start(query: string): SearchSlice {
  return { kind: 'github-search-slice', query, minSize: 0, maxSize: null }
}

describe('cutting a search', () => {
  test('a file stands in exactly one of the two parts, however deep the cuts', () => {
    fc.assert(
      fc.property(file, fc.array(fc.boolean(), { maxLength: 60 }), (one, turns) => {
        let slice = start('needle')
        for (const turn of turns) {
          const parts = splitSlice(slice)
          if (parts === null) return
          const [first, second] = parts
          expect(Number(holds(first, one)) + Number(holds(second, one))).toBe(Number(holds(slice, one)))
          slice = turn ? first : second
        }
      }),
    )
  })

  test('following one file, the cuts come to an end', () => {
    fc.assert(
      fc.property(file, (one) => {
        let slice: SearchSlice | undefined = start('needle')
        let cuts = 0
        while (slice !== undefined && cuts < 200) {
          cuts++
          slice = splitSlice(slice)?.find((part) => holds(part, one))
        }
        expect(cuts).toBeLessThan(60)
      }),
    )
  })

  test.each([
    [0, null, 'needle'],
    [0, 100, 'needle size:0..100'],
    [7, null, 'needle size:>=7'],
  ])('from %i to %s bytes the query is %s', (minSize, maxSize, expected) => {
    expect(sliceQuery({ ...start('needle'), minSize, maxSize })).toBe(expected)
  })

  test('a size that the query names itself is not cut by size', () => {
    const parts = splitSlice(start('needle size:10..90'))

    expect(parts?.map(sliceQuery)).toEqual(['needle size:10..90 path:/', 'needle size:10..90 -path:/'])
  })

  test('a language that the query names itself is not cut by language', () => {
    const query = 'needle language:go path:src'

    expect(splitSlice({ ...start(query), minSize: 5, maxSize: 5 })).toBeNull()
  })
})
