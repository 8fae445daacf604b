/** The list: complete, unique, and each entry consistent with the others. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { sizeOf } from '../../src/scan/custom/pattern-size.ts'
import { readPattern } from '../../src/scan/custom/pattern-tree.ts'

const folder = new URL('../../detectors/', import.meta.url)

describe('the list of detectors', () => {
  it('holds every file of the folder', async () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    const listed = new Set(detectors.map(({ id }) => id))

    for (const file of files) {
      const module = (await import(new URL(file, folder).href)) as Record<string, readonly { id: string }[]>
      for (const list of Object.values(module)) {
        for (const { id } of list) expect(listed.has(id), `${id} of ${file}`).toBe(true)
      }
    }
  })

  it('states for each detector a length that no match of its pattern exceeds', () => {
    const short = detectors.flatMap(({ id, pattern, maxLength, extent }) => {
      const { most } = sizeOf(readPattern(pattern).root)
      return extent || most <= maxLength ? [] : [`${id}: ${maxLength}, but a match can have ${most} bytes`]
    })

    expect(short).toEqual([])
  })

  it('names each detector once', () => {
    const ids = detectors.map(({ id }) => id)

    expect(new Set(ids).size).toBe(ids.length)
  })

  it('points at detectors that exist or are planned by name', () => {
    for (const { pair } of detectors) {
      if (pair) expect(detectors.some(({ id }) => id === pair.with)).toBe(true)
    }
  })

  it('gives every detector an anchor of two bytes or a context', () => {
    for (const { id, gate, anchors, context } of detectors) {
      const enough = gate === 'value' ? (context ?? []).length > 0 : anchors.length > 0
      expect(enough, id).toBe(true)
      expect(
        anchors.every(({ length }) => length >= 2),
        id,
      ).toBe(true)
    }
  })
})
