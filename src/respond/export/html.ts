/**
 * Findings as one page that opens from a file: no request leaves it, and its policy allows only the script and style that
 * it was written with. Names in it were chosen by strangers: what stands in markup is escaped, everything else travels
 * as JSON and is put into the page as text.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FindingRecord } from '../../model/finding.ts'
import { header, nothingFound, problemList, tiles, workbench } from './html-parts.ts'
import { jsonText } from './json.ts'
import type { ScanReport } from './scan-report.ts'

/** In the order in which one needs what stands in the one before. */
const scripts = ['report-data.js', 'report-charts.js', 'report-table.js', 'report.js']

/** The page, in pieces. */
export function* exportHtml(findings: readonly FindingRecord[], report: ScanReport): Generator<string> {
  const style = asset('report.css')
  const script = scripts.map(asset).map(withoutModules).join('\n')
  const policy = [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
  yield `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>keyrecall: leaked credentials</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${header(report)}
<main>
<noscript><p class="card warning">This report needs JavaScript to list its findings; it loads nothing from elsewhere.</p></noscript>
${problemList(report)}
${tiles(findings, report)}
${findings.length === 0 ? nothingFound(report) : ''}
${workbench()}
</main>
<footer>
<p>Made by keyrecall ${report.version.replaceAll(/[^\w.+-]/g, '')}. No credential is in this file, only first characters and fingerprints. It loads
nothing from elsewhere. <kbd>/</kbd> searches, <kbd>Esc</kbd> clears, <kbd>↑</kbd> <kbd>↓</kbd> move between findings, <kbd>Enter</kbd> opens one.</p>
</footer>
<script type="application/json" id="data">`
  yield* dataOf(findings, report)
  yield `</script>
<script type="module">${script}</script>
</body>
</html>
`
}

function* dataOf(findings: readonly FindingRecord[], report: ScanReport): Generator<string> {
  const detectors = Object.fromEntries(
    [...report.detectors].map(([id, { docs, revoke }]) => [id, { docs, ...(revoke ? { revoke } : {}) }]),
  )
  yield `{"detectors":${scriptJson(detectors)},"findings":[`
  let separator = ''
  for (const finding of findings) {
    yield `${separator}${scriptJson(withoutMore(finding))}`
    separator = ',\n'
  }
  yield ']}'
}

/** The named fields and nothing else, whatever an object carries besides. */
function withoutMore(finding: FindingRecord): FindingRecord {
  const { detector, issuer, kind, fingerprint, secret_redacted, check, check_passed } = finding
  const { confidence, validity, label, places } = finding
  return {
    detector,
    issuer,
    kind,
    fingerprint,
    secret_redacted,
    check,
    check_passed,
    confidence,
    validity,
    label,
    places,
  }
}

/** JSON that cannot end the script element it stands in, nor open a comment there. */
function scriptJson(value: unknown): string {
  return jsonText(value).replaceAll(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
}

function asset(name: string): string {
  return readFileSync(new URL(`./html/${name}`, import.meta.url), 'utf8')
}

/** The files are modules of their own for those who work on them; in the page they share one. */
function withoutModules(source: string): string {
  return source.replaceAll(/^import\s[^']*'[^']*'\n/gm, '').replaceAll(/^export /gm, '')
}

function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
