import { describe, expect, test } from 'vitest'
import { findingsTable, placeText } from '../../src/cli/findings-table.ts'
import { columnsOf } from '../../src/cli/terminal-text.ts'
import { finding, place } from '../support/finding.ts'

const wide = { width: 120, color: false }

describe('the table of findings', () => {
  test('shows credential, check, confidence and where', () => {
    const table = findingsTable([finding()], wide)

    expect(table).toBe(
      [
        'CREDENTIAL    CHECK            CONFIDENCE  WHERE',
        'Acme API key  checksum passed  high        config/app.env:3:7',
        'acme…',
        '',
      ].join('\n'),
    )
  })

  test('is nothing at all without findings', () => {
    expect(findingsTable([], wide)).toBe('')
  })

  test('escapes what strangers chose: paths, keys, authors, labels of versions', () => {
    const escape = '\u001b]0;owned\u0007'
    const table = findingsTable(
      [
        finding({ secret_redacted: `a${escape}` }),
        finding({
          places: [
            place({ path: `a${escape}\nb` }),
            place({ type: 's3_object', bucket: 'b', key: `k${escape}`, version_id: escape }),
            place({ type: 'commit', repository: escape, commit_sha: escape, author_email: `x${escape}@y` }),
            place({ archive_path: escape, decoding: escape }),
          ],
        }),
      ],
      wide,
    )

    expect(table).not.toMatch(/[^\P{Cc}\n]/u)
    expect(table).toContain(String.raw`\u{1b}]0;owned\u{7}`)
  })

  test('keeps every line within the terminal, down to 80 columns and for paths without end', () => {
    const findings = [finding({ places: [place({ path: `${'deep/'.repeat(60)}secret.env` })] })]

    for (const width of [80, 100, 200]) {
      for (const line of findingsTable(findings, { width, color: false }).split('\n')) {
        expect(columnsOf(line)).toBeLessThanOrEqual(width)
      }
    }
  })

  test('wraps the names of credentials before paths', () => {
    const name = 'personal access token of a very particular kind'
    const path = 'services/payments/config/production.env'

    const table = findingsTable([finding({ kind: name, places: [place({ path })] })], { ...wide, width: 100 })

    expect(table).toContain(`${path}:3:7`)
    expect(table).not.toContain(name)
  })

  test('has enough of a version to tell it from others', () => {
    const long = place({ type: 's3_object', bucket: 'b', key: 'k', version_id: 'Ap3syKsoHYYqvITxoVVQglO9' })

    expect(placeText(long)).toContain('(version Ap3syKsoHYY…)')
    expect(placeText({ ...long, version_id: 'short' })).toContain('(version short)')
  })

  test('names five places and counts the others', () => {
    const places = Array.from({ length: 8 }, (_, index) => place({ path: `file-${index}` }))

    const table = findingsTable([finding({ places })], wide)

    expect(table).toContain('file-4:3:7')
    expect(table).not.toContain('file-5')
    expect(table).toContain('and 3 more places')
  })

  test('says why a finding is no danger, and that a check failed or is not known', () => {
    const table = findingsTable(
      [
        finding({ label: 'test_mode' }),
        finding({ check: 'none', check_passed: null }),
        finding({ check_passed: false }),
      ],
      wide,
    )

    expect(table).toContain('test mode')
    expect(table).toMatch(/ none {2,}/)
    expect(table).toContain('checksum failed')
  })

  test('has colour where asked for, and the same text under it', () => {
    const colored = findingsTable([finding()], { width: 120, color: true })

    expect(colored).toContain('\u001b[')
    // oxlint-disable-next-line no-control-regex -- colours are control sequences
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(findingsTable([finding()], wide))
  })
})

describe('a place as a line', () => {
  test.each([
    [place({ type: 'stdin', path: '-' }), '-:3:7'],
    [
      place({ archive_path: 'a.jar!b.env', decoding: 'base64' }),
      'config/app.env!a.jar!b.env:3:7 (in base64)',
    ],
    [
      place({ type: 's3_object', bucket: 'backups', key: 'a b/c', path: 'a b/c', version_id: 'v1' }),
      's3://backups/a b/c:3:7 (version v1)',
    ],
    [
      place({
        type: 'commit',
        repository: 'acme/shop',
        commit_sha: '0123456789abcdef',
        author_email: 'jane@acme.example',
        committed_at: '2026-01-02T03:04:05Z',
      }),
      'acme/shop config/app.env:3:7 (commit 0123456789ab by jane@acme.example on 2026-01-02)',
    ],
    [place({ type: 'github_blob', repository: 'acme/shop' }), 'acme/shop config/app.env:3:7'],
  ])('%#: names the thing as one would look it up', (where, text) => {
    expect(placeText(where)).toBe(text)
  })
})
