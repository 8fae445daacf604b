/** The report as a page: what is chosen, and who draws it. Everything it shows is in the document already. */
import { countFacet, drawBars, drawTime } from './report-charts.js'
import { make, readData, visible } from './report-data.js'
import { createTable } from './report-table.js'

const names = {
  detector: 'Detector',
  confidence: 'Confidence',
  check: 'Check',
  source: 'Found in',
  month: 'Month',
}
/** Facets whose values have colours. */
const toned = new Set(['confidence', 'check'])
const facets = Object.keys(names)
const { report, rows } = readData()
const element = (id) => document.getElementById(id)
const search = element('search')
const chosen = Object.fromEntries(facets.map((facet) => [facet, '']))

function matching(except) {
  const words = search.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const wanted = facets.filter((facet) => facet !== except && chosen[facet] !== '')
  return rows.filter(
    (row) =>
      words.every((word) => row.text.includes(word)) &&
      wanted.every((facet) => row.facets[facet].includes(chosen[facet])),
  )
}

function choose(facet, value) {
  chosen[facet] = chosen[facet] === value ? '' : value
  draw()
}

function draw() {
  const shown = matching(null)
  for (const facet of facets) {
    const counts = countFacet(chosen[facet] === '' ? shown : matching(facet), facet)
    const target = element(`chart-${facet}`)
    const pick = (value) => choose(facet, value)
    if (facet === 'month') drawTime(target, counts, chosen[facet], pick)
    else drawBars(target, counts, { chosen: chosen[facet], choose: pick, toned: toned.has(facet) })
    const select = element(`filter-${facet}`)
    if (select !== null) select.value = chosen[facet]
  }
  table.show(shown)
  const all = rows.length.toLocaleString('en')
  const isFiltered = shown.length !== rows.length
  element('count').textContent = isFiltered
    ? `${shown.length.toLocaleString('en')} of ${all} findings`
    : `${all} ${rows.length === 1 ? 'finding' : 'findings'}`
  element('table').hidden = shown.length === 0
  element('no-match').hidden = shown.length > 0
  drawChips()
}

/** What was chosen in a chart that has no list of its own among the filters. */
function drawChips() {
  const chips = facets
    .filter((facet) => chosen[facet] !== '' && element(`filter-${facet}`) === null)
    .map((facet) =>
      make(
        'button',
        { type: 'button', class: 'chip', onclick: () => choose(facet, chosen[facet]) },
        `${names[facet]}: ${visible(chosen[facet])} ×`,
      ),
    )
  element('chips').replaceChildren(...chips)
}

function clear() {
  search.value = ''
  for (const facet of facets) chosen[facet] = ''
  draw()
}

function fillSelects() {
  for (const facet of facets) {
    const select = element(`filter-${facet}`)
    if (select === null) continue
    for (const [value] of countFacet(rows, facet).sort(([a], [b]) => (a < b ? -1 : 1))) {
      select.append(make('option', { value }, visible(value)))
    }
    select.addEventListener('change', () => {
      chosen[facet] = select.value
      draw()
    })
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme
  element('theme').textContent = theme === 'dark' ? 'Light' : 'Dark'
  element('theme').setAttribute('aria-label', theme === 'dark' ? 'Use light colours' : 'Use dark colours')
}

const dark = matchMedia('(prefers-color-scheme: dark)')
setTheme(dark.matches ? 'dark' : 'light')
dark.addEventListener('change', () => setTheme(dark.matches ? 'dark' : 'light'))
element('theme').addEventListener('click', () =>
  setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
)

const table = createTable(report)
if (rows.length > 0) {
  fillSelects()
  element('time').hidden = rows.every((row) => row.when === '')
  element('app').hidden = false
  search.addEventListener('input', draw)
  for (const button of document.querySelectorAll('.clear')) button.addEventListener('click', clear)
  addEventListener('resize', draw)
  document.addEventListener('keydown', (event) => {
    const typing = event.target.matches('input, select')
    if (event.key === '/' && !typing) {
      event.preventDefault()
      search.focus()
    } else if (event.key === 'Escape' && event.target === search) clear()
    else if ((event.key === 'Enter' || event.key === ' ') && event.target.dataset.month !== undefined) {
      event.preventDefault()
      choose('month', event.target.dataset.month)
    }
  })
  draw()
}
