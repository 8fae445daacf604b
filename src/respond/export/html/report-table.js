/** The table of findings: one page of it stands in the document, so that ten thousand weigh no more than fifty. */
import { make, placeName, visible } from './report-data.js'

const pageSize = 50
const mostPlaces = 200

const orders = {
  credential: (a, b) => compare(a.name, b.name),
  confidence: (a, b) => a.rank - b.rank,
  check: (a, b) => compare(a.check, b.check),
  where: (a, b) => compare(a.where, b.where),
  when: (a, b) => compare(a.when, b.when),
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}

export function createTable(report) {
  const body = document.getElementById('rows')
  const pager = document.getElementById('pager')
  const [earlier, later] = pager.querySelectorAll('button')
  const columns = [...document.querySelectorAll('th[data-order]')]
  let rows = []
  let page = 0
  let order = 'confidence'
  let descending = true

  function draw() {
    const pages = Math.max(1, Math.ceil(rows.length / pageSize))
    page = Math.min(page, pages - 1)
    const sign = descending ? -1 : 1
    const sorted = [...rows].sort((a, b) => sign * orders[order](a, b) || compare(a.where, b.where))
    body.replaceChildren(
      ...sorted.slice(page * pageSize, (page + 1) * pageSize).map((row) => rowOf(row, report)),
    )
    for (const column of columns) {
      const isOrder = column.dataset.order === order
      column.setAttribute('aria-sort', isOrder ? (descending ? 'descending' : 'ascending') : 'none')
    }
    pager.hidden = pages === 1
    pager.querySelector('span').textContent = `Page ${page + 1} of ${pages.toLocaleString('en')}`
    earlier.disabled = page === 0
    later.disabled = page === pages - 1
  }

  function turn(by) {
    page += by
    draw()
    document.getElementById('table').scrollIntoView({ block: 'start' })
  }
  earlier.addEventListener('click', () => turn(-1))
  later.addEventListener('click', () => turn(1))
  for (const column of columns) {
    column.querySelector('button').addEventListener('click', () => {
      // What matters most comes first: high confidence, the newest; names from A on.
      descending =
        order === column.dataset.order ? !descending : ['confidence', 'when'].includes(column.dataset.order)
      order = column.dataset.order
      page = 0
      draw()
    })
  }
  body.addEventListener('keydown', moveBetweenRows)
  return {
    show(shown) {
      rows = shown
      page = 0
      draw()
    },
  }
}

function moveBetweenRows(event) {
  const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (by === undefined || !event.target.classList.contains('open')) return
  const all = [...event.currentTarget.querySelectorAll('.open')]
  const next = all[all.indexOf(event.target) + by]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

function rowOf(row, report) {
  const { finding } = row
  const open = make(
    'button',
    { type: 'button', class: 'open', 'aria-expanded': 'false', onclick: toggle },
    visible(row.name),
  )
  const line = make(
    'tr',
    { class: 'row', role: 'row' },
    cell(
      'credential',
      open,
      under(visible(finding.detector)),
      under(make('code', {}, visible(finding.secret_redacted))),
    ),
    cell('confidence', badge(finding.confidence, finding.confidence)),
    cell('check', badge(row.check.split(' ').at(-1), row.check), labelOf(finding)),
    cell('where', ...firstPlace(finding)),
    cell('when', row.when === '' ? make('span', { class: 'quiet' }, '–') : row.when.slice(0, 10)),
  )

  function toggle() {
    const isOpen = open.getAttribute('aria-expanded') === 'true'
    open.setAttribute('aria-expanded', String(!isOpen))
    if (isOpen) line.nextElementSibling.remove()
    else line.after(detailOf(finding, report))
  }
  return line
}

function cell(name, ...children) {
  return make('td', { class: name, role: 'cell' }, ...children)
}

function under(content) {
  return make('div', { class: 'under' }, content)
}

function badge(tone, text) {
  return make('span', { class: `badge ${tone}` }, text)
}

function labelOf(finding) {
  return finding.label === null ? null : make('div', {}, badge('label', finding.label.replace('_', ' ')))
}

function firstPlace(finding) {
  const [first, ...more] = finding.places
  if (first === undefined) return []
  const by = first.author_email ?? first.author_name
  return [
    placeText(first),
    ...(by === undefined ? [] : [make('div', { class: 'quiet' }, `by ${visible(by)}`)]),
    ...(more.length === 0
      ? []
      : [
          make(
            'div',
            { class: 'quiet' },
            `and ${more.length.toLocaleString('en')} more ${more.length === 1 ? 'place' : 'places'}`,
          ),
        ]),
  ]
}

function placeText(place) {
  return make(
    'span',
    { class: 'place mono' },
    `${visible(placeName(place))}:${place.start_line}:${place.start_column}`,
  )
}

function detailOf(finding, report) {
  const detector = report.detectors[finding.detector] ?? {}
  const facts = make('dl', {})
  const add = (name, content) => facts.append(make('dt', {}, name), make('dd', {}, content))
  add('Fingerprint', make('code', {}, finding.fingerprint))
  if (detector.revoke !== undefined) add('To disable it', visible(detector.revoke))
  if (/^https?:\/\//.test(detector.docs ?? '')) {
    add(
      'Its issuer says',
      make('a', { href: detector.docs, rel: 'noreferrer noopener', target: '_blank' }, detector.docs),
    )
  }
  const places = make(
    'ol',
    {},
    ...finding.places.slice(0, mostPlaces).map((place) => make('li', {}, ...placeDetail(place))),
  )
  const left = finding.places.length - mostPlaces
  const more =
    left > 0
      ? make('p', { class: 'quiet' }, `and ${left.toLocaleString('en')} more, which the other formats list`)
      : null
  return make(
    'tr',
    { class: 'detail', role: 'row' },
    make('td', { colspan: '5', role: 'cell' }, facts, places, more),
  )
}

function placeDetail(place) {
  const notes = [
    place.decoding === undefined ? '' : `in ${place.decoding}`,
    place.version_id === undefined ? '' : `version ${place.version_id}`,
    place.commit_sha === undefined ? '' : `commit ${place.commit_sha.slice(0, 12)}`,
    place.author_name === undefined ? '' : `by ${place.author_name} ${place.author_email ?? ''}`.trim(),
    place.committed_at === undefined ? '' : `on ${place.committed_at.slice(0, 10)}`,
  ].filter((note) => note !== '')
  const text = notes.length === 0 ? null : make('span', { class: 'quiet' }, ` ${visible(notes.join(', '))}`)
  const web = /^https?:\/\//.test(place.url ?? '')
    ? make('a', { href: place.url, rel: 'noreferrer noopener', target: '_blank' }, ' open')
    : null
  return [placeText(place), text, web]
}
