import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportJson, jsonText } from '../../../src/respond/export/json.ts'
import { exportJsonl } from '../../../src/respond/export/jsonl.ts'
import { finding, place } from '../../support/finding.ts'

const findings = [
  finding(),
  finding({ detector: 'other', places: [place({ path: 'a"b\\c\u001b[2J\u009b\u202e\n.env' }), place()] }),
]

describe('json', () => {
  test('is one array that reads back as the findings', () => {
    const text = [...exportJson(findings)].join('')

    expect(JSON.parse(text)).toEqual(findings)
    expect(text.endsWith(']\n')).toBe(true)
  })

  test('is an empty array without findings', () => {
    expect([...exportJson([])].join('')).toBe('[]\n')
  })
})

describe('jsonl', () => {
  test('is one line a finding that reads back as it', () => {
    const lines = [...exportJsonl(findings)].join('').split('\n')

    expect(lines.pop()).toBe('')
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(findings)
  })

  test('is nothing without findings', () => {
    expect([...exportJsonl([])].join('')).toBe('')
  })
})

test('printed JSON holds no character that steers a terminal, and loses nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const printed = jsonText({ path: text })

      expect(printed).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      expect(JSON.parse(printed)).toEqual({ path: text })
    }),
  )
})
