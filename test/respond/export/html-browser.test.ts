import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FindingRecord } from '../../../src/model/finding.ts'
import { exportHtml } from '../../../src/respond/export/html.ts'
import type { ScanReport } from '../../../src/respond/export/scan-report.ts'
import { noBrowser, openBrowser } from '../../support/browser.ts'
import { finding, place } from '../../support/finding.ts'
import { report } from '../../support/report.ts'

if (noBrowser !== null) console.warn(`pages are not tested here: ${noBrowser}`)

const some = [
  finding({ places: [place({ path: 'src/app.env' }), place({ path: 'lib/b.env', start_line: 9 })] }),
  finding({
    detector: 'other-token',
    issuer: 'Other',
    kind: 'token',
    fingerprint: 'cd'.repeat(32),
    confidence: 'medium',
    check: 'none',
    check_passed: null,
    places: [
      place({
        type: 'commit',
        repository: '.',
        path: 'src/old.yaml',
        commit_sha: 'ef'.repeat(20),
        author_email: 'jo@acme.example',
        committed_at: '2025-11-03T10:00:00Z',
      }),
    ],
  }),
]

describe.skipIf(noBrowser !== null)('the report in a browser', () => {
  let browser: Browser
  let dir: string
  let page: Page
  let trouble: string[]

  beforeAll(async () => {
    browser = await openBrowser()
    dir = await mkdtemp(join(tmpdir(), 'keyrecall-report-'))
  })

  afterEach(async () => {
    await page.close()
  })

  afterAll(async () => {
    await browser.close()
    await rm(dir, { recursive: true, force: true })
  })

  async function open(findings: readonly FindingRecord[], changes: Partial<ScanReport> = {}): Promise<void> {
    const path = join(dir, 'report.html')
    await writeFile(path, [...exportHtml(findings, report(changes))].join(''))
    page = await browser.newPage()
    trouble = []
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(String(error)))
    page.on('dialog', (dialog) => {
      trouble.push('a dialog')
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) trouble.push(request.url())
    })
    await page.goto(pathToFileURL(path).href)
  }

  const rows = (): Promise<number> => page.locator('tr.row').count()
  const text = (selector: string): Promise<string | null> => page.locator(selector).textContent()

  test('opens from a file without a request or an error, and counts', async () => {
    await open(some)

    expect(await rows()).toBe(2)
    expect(await text('#count')).toBe('2 findings')
    expect(await page.locator('.tile .number').allTextContents()).toEqual(['2', '1', '1', '2'])
    expect(await page.locator('#chart-month rect').count()).toBe(1)
    expect(trouble).toEqual([])
  })

  test('searches in paths, authors and names, with all words', async () => {
    await open(some)

    await page.keyboard.press('/')
    await page.keyboard.type('JO@acme yaml')

    expect(await rows()).toBe(1)
    expect(await text('#count')).toBe('1 of 2 findings')
    await page.keyboard.press('Escape')
    expect(await rows()).toBe(2)
    await page.fill('#search', 'not there')
    expect(await page.locator('#no-match').isVisible()).toBe(true)
    await page.locator('#no-match button').click()
    expect(await rows()).toBe(2)
  })

  test.each([
    ['#filter-detector', 'other-token', 'Other token'],
    ['#filter-confidence', 'high', 'Acme API key'],
    ['#filter-check', 'none', 'Other token'],
  ])('filters by %s', async (select, value, name) => {
    await open(some)

    await page.selectOption(select, value)

    expect(await page.locator('.open').allTextContents()).toEqual([name])
  })

  test('filters by the bars of a chart, which are buttons, and takes that back', async () => {
    await open(some)
    const bar = page.locator('#chart-source button', { hasText: 'lib/' })

    await bar.focus()
    await page.keyboard.press('Enter')

    expect(await page.locator('.open').allTextContents()).toEqual(['Acme API key'])
    expect(await bar.getAttribute('aria-pressed')).toBe('true')
    await page.locator('.chip').click()
    expect(await rows()).toBe(2)
    await page.locator('#chart-month rect[data-month="2025-11"]').focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('.open').allTextContents()).toEqual(['Other token'])
  })

  test('sorts by each column, both ways', async () => {
    await open(some)
    const names = (): Promise<string[]> => page.locator('.open').allTextContents()

    expect(await names()).toEqual(['Acme API key', 'Other token'])
    await page.locator('th.credential button').click()
    await page.locator('th.credential button').click()

    expect(await names()).toEqual(['Other token', 'Acme API key'])
    expect(await page.locator('th.credential').getAttribute('aria-sort')).toBe('descending')
    await page.locator('th.when button').click()
    expect(await names()).toEqual(['Other token', 'Acme API key'])
  })

  test('opens a finding and moves to the next from the keyboard', async () => {
    await open(some)

    await page.locator('.open').first().focus()
    await page.keyboard.press('Enter')

    expect(await page.locator('.detail li').allTextContents()).toEqual(['src/app.env:3:7', 'lib/b.env:9:7'])
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Other token')
  })

  test('shows names that strangers chose as text', async () => {
    const evil = '<img src=x onerror=alert(1)></script><script>alert(2)</script>\u202egnp.env'
    const names = { path: evil, author_name: evil, commit_sha: evil, url: 'javascript:alert(3)' }
    await open([finding({ detector: evil, issuer: evil, kind: evil, places: [place(names)] })], {
      targets: [evil],
    })

    await page.locator('.open').click()

    expect(await page.locator('td.where').textContent()).toContain('<img src=x onerror=alert(1)></script>')
    expect(await page.locator('td.where').textContent()).toContain(String.raw`\u{202e}gnp.env`)
    expect(await page.locator('img, main script, a[href^="javascript"]').count()).toBe(0)
    expect(trouble).toEqual([])
  })

  test('takes ten thousand findings, a page at a time', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      finding({
        fingerprint: String(index).padStart(64, '0'),
        places: [place({ path: `d${index % 90}/f${index}` })],
      }),
    )
    await open(many)

    expect(await text('#count')).toBe('10,000 findings')
    expect(await rows()).toBeLessThan(101)
    await page.locator('#pager button', { hasText: 'Later' }).click()
    expect(await text('#pager span')).toBe('Page 2 of 200')
    await page.fill('#search', 'f9999')
    expect(await rows()).toBe(1)
    expect(await page.locator('#pager').isVisible()).toBe(false)
  })

  test('says so where nothing was found', async () => {
    await open([])

    expect(await page.locator('#nothing').isVisible()).toBe(true)
    expect(await page.locator('#app').isVisible()).toBe(false)
    expect(trouble).toEqual([])
  })

  test('is dark where the system is, and light when asked', async () => {
    await open(some)
    const theme = (): Promise<string | null> => page.locator('html').getAttribute('data-theme')

    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await theme()).toBe('dark')
    await page.locator('#theme').click()

    expect(await theme()).toBe('light')
  })
})
