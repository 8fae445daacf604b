import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { exportHtml } from '../../../src/respond/export/html.ts'
import { finding, place } from '../../support/finding.ts'
import { report } from '../../support/report.ts'

function page(...args: Parameters<typeof exportHtml>): string {
  return [...exportHtml(...args)].join('')
}

/** What stands between the first `before` and the next `after`. */
function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before) + before.length
  return text.slice(start, text.indexOf(after, start))
}

describe('the page', () => {
  test('names by hash the only script and style that may run, and allows no request', () => {
    const html = page([finding()], report())

    const policy = between(html, 'Content-Security-Policy" content="', '"')
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src ${hash(between(html, '<script type="module">', '</script>'))};`)
    expect(policy).toContain(`style-src ${hash(between(html, '<style>', '</style>'))};`)
    expect(policy).not.toContain('unsafe')
    expect(html).not.toMatch(/(?:src|href)="(?!#|data:,)|url\(|@import/)
  })

  test('holds the findings as JSON that no name in them can end or leave', () => {
    const path = '</script><script>alert(1)</script><!--\u2028\u2029&'
    const shown = [finding({ places: [place({ path })] })]

    const html = page(shown, report())

    const data = between(html, 'id="data">', '</script>')
    expect(JSON.parse(data)).toMatchObject({ findings: shown })
    expect(data).not.toMatch(/[<>&\u2028\u2029]/)
    expect(html.match(/<script/g)).toHaveLength(2)
  })

  test('holds the members of the contract only, whatever an object carries besides', () => {
    const withSecret = { ...finding(), secret: 'made-up-value' }

    expect(page([withSecret], report())).not.toContain('made-up-value')
  })

  test('escapes what it was named and what could not be read', () => {
    const problem = {
      problem: 'error',
      code: 'unreadable',
      subject: '<img src=x>',
      message: '"&\u202e',
    } as const

    const html = page([], report({ targets: ['<b>'], problems: [problem], complete: false }))

    expect(html).not.toMatch(/<b>|<img|\u202e/)
    expect(html).toContain('not complete')
    expect(html).toContain('&#60;img src=x&#62;')
  })

  test('says so where nothing was found, and where not everything was read', () => {
    expect(page([], report())).toContain('Nothing was found')
    expect(page([], report())).not.toContain('not complete')
    expect(page([], report({ complete: false }))).toContain('not everything that was asked for')
  })
})
