/** The parts of the HTML report that stand in it from the start: what was scanned, the numbers, the empty charts and table. */
import type { FindingRecord } from '../../model/finding.ts'
import type { ScanReport } from './scan-report.ts'

const mark = `<svg viewBox="0 0 44 44" aria-hidden="true"><rect width="44" height="44" rx="11" fill="#3451c7"/>
<g fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"><circle cx="16" cy="22" r="6.5"/>
<path d="M22.5 22H36M31 22v5.5M36 22v4"/></g></svg>`

export function header(report: ScanReport): string {
  const seconds = (report.endedAt.getTime() - report.startedAt.getTime()) / 1000
  const at = report.startedAt.toISOString().slice(0, 16).replace('T', ' ')
  const targets = report.targets.map((target) => `<code>${escape(target)}</code>`).join(', ')
  return `<a class="skip" href="#search">Go to the search</a>
<header>${mark}<div class="titles"><h1>Leaked credentials</h1>
<p>${targets}</p>
<p>${at} UTC · ${bytes(report.bytesRead)} in ${number(report.blobs)} ${report.blobs === 1 ? 'blob' : 'blobs'} · ${seconds.toFixed(1)} s</p></div>
<button class="button" type="button" id="theme">Dark</button></header>`
}

/** What could not be read, first: a report that says less than it seems is worse than none. */
export function problemList(report: ScanReport): string {
  if (report.problems.length === 0) return ''
  const title = report.complete
    ? 'Some things were left out on purpose'
    : 'This scan is not complete: something could not be read'
  const items = report.problems.map(
    ({ code, subject, message }) =>
      `<li><code>${escape(subject)}</code>: ${escape(message)} <span class="quiet">${escape(code)}</span></li>`,
  )
  const more = report.moreProblems > 0 ? `<li>and ${number(report.moreProblems)} more</li>` : ''
  const count = report.problems.length + report.moreProblems
  return `<details class="card warning"${report.complete ? '' : ' open'}><summary>${title} (${number(count)})</summary>
<ul>${items.join('')}${more}</ul></details>`
}

export function tiles(findings: readonly FindingRecord[], report: ScanReport): string {
  if (findings.length === 0) return ''
  const places = findings.reduce((sum, finding) => sum + finding.places.length, 0)
  const proven = findings.filter((finding) => finding.check_passed === true).length
  const high = findings.filter((finding) => finding.confidence === 'high')
  const kinds = new Set(findings.map((finding) => finding.detector)).size
  const harmless = high.filter((finding) => finding.label !== null).length
  return `<div class="tiles">
${tile(findings.length, 'Credentials', `at ${number(places)} ${places === 1 ? 'place' : 'places'}`)}
${tile(high.length, 'High confidence', harmless === 0 ? 'act on these first' : `of which ${number(harmless)} ${harmless === 1 ? 'is' : 'are'} labelled as no danger`, high.length > 0)}
${tile(proven, 'Proven offline', 'their own checksum or structure holds')}
${tile(kinds, kinds === 1 ? 'Kind' : 'Kinds', report.complete ? 'everything asked for was read' : 'not everything was read')}
</div>`
}

export function nothingFound(report: ScanReport): string {
  const what = `${bytes(report.bytesRead)} in ${number(report.blobs)} ${report.blobs === 1 ? 'blob' : 'blobs'}`
  return `<section class="card nothing" id="nothing"><svg viewBox="0 0 56 56" fill="none" stroke="currentColor" stroke-width="4"
stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="28" cy="28" r="25"/><path d="M17 29l8 8 15-17"/></svg>
<h2>Nothing was found</h2><p class="quiet">${what} ${report.complete ? 'were read.' : 'were read, but not everything that was asked for.'}</p></section>`
}

/** Charts, filters and table, which the script fills. */
export function workbench(): string {
  return `<div id="app" hidden>
<section class="charts" aria-label="Charts">
<figure class="card"><h2>By detector</h2><ul id="chart-detector"></ul></figure>
<figure class="card"><h2>By folder or source</h2><ul id="chart-source"></ul></figure>
<figure class="card"><h2>By confidence</h2><ul id="chart-confidence"></ul></figure>
<figure class="card"><h2>By offline check</h2><ul id="chart-check"></ul></figure>
<figure class="card time" id="time"><h2>By month of the commit</h2><svg id="chart-month" role="group" aria-label="Findings by month of the commit"></svg></figure>
</section>
<section class="card" aria-label="Findings">
<div class="filters" role="search">
<label class="search">Search<input id="search" type="search" placeholder="path, issuer, author, commit, fingerprint" autocomplete="off" spellcheck="false"></label>
${select('detector', 'Detector')}
${select('confidence', 'Confidence')}
${select('check', 'Check')}
<button class="button clear" type="button">Clear</button>
</div>
<div class="state"><p id="count" role="status" aria-live="polite"></p><div id="chips"></div></div>
<div id="table"><table role="table"><caption class="unseen">Findings; the buttons in the head sort them</caption>
<thead role="rowgroup"><tr role="row">
${column('credential', 'Credential')}${column('confidence', 'Confidence')}${column('check', 'Check')}${column('where', 'Where')}${column('when', 'Committed')}
</tr></thead><tbody id="rows" role="rowgroup"></tbody></table>
<nav class="pager" id="pager" aria-label="Pages"><button class="button" type="button">Earlier</button><span></span><button class="button" type="button">Later</button></nav></div>
<div class="nothing" id="no-match" hidden><h2>No finding matches</h2><p class="quiet">Search for less, or take a filter away.</p>
<button class="button clear" type="button">Clear all filters</button></div>
</section>
</div>`
}

function tile(count: number, name: string, note: string, alarm = false): string {
  return `<div class="card tile${alarm ? ' alarm' : ''}"><div class="number">${number(count)}</div><div class="name">${name}</div><div class="note">${note}</div></div>`
}

function select(id: string, name: string): string {
  return `<label>${name}<select id="filter-${id}"><option value="">All</option></select></label>`
}

function column(id: string, name: string): string {
  return `<th class="${id}" scope="col" role="columnheader" data-order="${id}" aria-sort="none"><button type="button">${name}</button></th>`
}

function number(value: number): string {
  return value.toLocaleString('en')
}

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3))
  return `${power === 0 ? value : (value / 1000 ** power).toFixed(1)} ${units[power]}`
}

/** Text for markup; what would steer the text around it is written out. */
function escape(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`)
    .replaceAll(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}
