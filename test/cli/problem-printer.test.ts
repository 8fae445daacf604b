import { expect, test } from 'vitest'
import { problemPrinter } from '../../src/cli/problem-printer.ts'

const nothing = { erase: () => undefined }

function printed(subject: string, message: string): string {
  let text = ''
  const printer = problemPrinter({ write: (piece) => (text += piece) }, nothing)
  printer.print({ problem: 'error', code: 'unreadable', subject, message })
  return text
}

test('a problem is one line, also where its message has several', () => {
  expect(printed('github:acme', 'it cannot be used:\n  A: wrong\n  B: missing')).toBe(
    'keyrecall: github:acme: it cannot be used: A: wrong B: missing\n',
  )
})

test('a subject that the message names already is not repeated', () => {
  expect(printed('a.env', 'no such file: "a.env"')).toBe('keyrecall: no such file: "a.env"\n')
})

test('what strangers chose is written out', () => {
  expect(printed('a\u001b[2J\nb', 'gone')).toBe('keyrecall: a\\u{1b}[2J\\nb: gone\n')
})
