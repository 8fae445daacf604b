import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { passwordCells } from '../../detectors/checks/password-export.ts'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'

const engine = createEngine(detectors)
const whole = 65_536

function password(number: number): string {
  return ['q9', number, 'Xv', '!', 7 * number, 'tR', '$mW'].join('')
}

/** What is reported of a table, as it stands there. */
function found(text: string): string[] {
  const { hits } = engine.scanBytes(Buffer.from(text))
  return hits
    .filter(({ detector }) => detector === 'password-manager-export')
    .map(({ span }) => text.slice(span.byte_start, span.byte_end))
}

describe('an export of passwords', () => {
  test('tells the password of each row, and none of placeholders and empty cells', () => {
    const table = [
      'name,url,username,password,note',
      `shop,https://shop.example/,ann,${password(1)},`,
      'forum,https://forum.example/,ann,password,',
      'wiki,https://wiki.example/,ann,,',
      `bank,https://bank.example/,ann,${password(2)},"two\nlines, with a comma"`,
      `mail,https://mail.example/,ann,"${password(3)},x",`,
      '',
    ]

    expect(found(table.join('\r\n'))).toEqual([password(1), password(2), `${password(3)},x`])
  })

  test('is told by its header, whatever stands around it', () => {
    const firefox = `"url","username","password","httpRealm"\n"https://a.example","ann","${password(4)}",""\n`

    expect(found(firefox)).toEqual([password(4)])
    expect(found(JSON.stringify({ dump: firefox }))).toEqual([password(4)])
    expect(found(`url,login,secret\nhttps://a.example,ann,${password(4)}\n`)).toEqual([])
  })

  test('ends where rows have other columns', () => {
    const table = `Title,URL,Username,Password\na,b,c,${password(5)}\n\nnot,a,table,${password(6)}\n`

    expect(found(table)).toEqual([password(5)])
  })

  test('goes on behind a row that is not written as it should be', () => {
    const table = `Title,URL,Username,Password\n"a" b,c,d,x\na,b,c,${password(7)}\n`

    expect(found(table)).toEqual([password(7)])
  })

  test('leaves out what the end of the block cuts', () => {
    const text = `url,username,password\na,b,${password(8)}`

    expect(passwordCells(Buffer.from(text), whole)).toHaveLength(1)
    expect(passwordCells(Buffer.from(text), text.length)).toHaveLength(0)
  })
})

test('cells of a table stand within it, in order, whatever it holds', () => {
  const pieces = [',', '"', '""', '\n', '\r\n', '\\n', '\\"', 'cell', ' ']
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 }), (made) => {
      const block = Buffer.from(`url,username,password\n${made.join('')}`, 'latin1')
      let before = 0
      for (const [start, end] of passwordCells(block, whole)) {
        expect(start).toBeGreaterThanOrEqual(before)
        expect(end).toBeGreaterThan(start)
        before = end
      }
      expect(before).toBeLessThanOrEqual(block.length)
    }),
    { seed: 7, numRuns: 2_000 },
  )
})
