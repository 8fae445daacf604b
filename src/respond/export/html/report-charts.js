/**
 * The charts, drawn as SVG. Each counts what all filters but its own let through, so that it shows what else could be
 * chosen; a bar is a button that chooses it.
 */
import { make, makeSvg, visible } from './report-data.js'

const mostBars = 8

/** How often each value of a facet is met, the most frequent first. */
export function countFacet(rows, facet) {
  const counts = new Map()
  for (const row of rows)
    for (const value of row.facets[facet]) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
}

/** @param toned the last word of a value has a colour of its own */
export function drawBars(list, counts, { chosen, choose, toned }) {
  const shown = counts.slice(0, mostBars)
  const most = Math.max(1, ...shown.map(([, count]) => count))
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.value : null
  list.replaceChildren(
    ...shown.map(([value, count]) =>
      make('li', {}, barOf(value, count / most, count, { chosen, choose, toned })),
    ),
    ...(counts.length > mostBars
      ? [make('li', { class: 'quiet' }, `and ${counts.length - mostBars} more`)]
      : []),
  )
  // Drawn anew under the hand of who chose with the keyboard.
  if (focused !== null)
    [...list.querySelectorAll('button')].find((bar) => bar.dataset.value === focused)?.focus()
}

function barOf(value, part, count, { chosen, choose, toned }) {
  const tone = toned ? value.split(' ').at(-1) : ''
  const bar = makeSvg(
    'svg',
    { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    makeSvg('rect', { class: 'track', width: 100, height: 10, rx: 2 }),
    makeSvg('rect', { class: `fill ${tone}`, width: Math.max(1.5, 100 * part), height: 10, rx: 2 }),
  )
  const button = make(
    'button',
    { type: 'button', class: 'bar', 'aria-pressed': String(chosen === value), onclick: () => choose(value) },
    make('span', { class: 'label', title: visible(value) }, visible(value)),
    bar,
    make('span', { class: 'count' }, count.toLocaleString('en')),
  )
  button.dataset.value = value
  return button
}

/** Findings by the month of their first commits; months without any are there, too. */
export function drawTime(svg, counts, chosen, choose) {
  const months = allMonths(counts.map(([month]) => month).sort())
  const byMonth = new Map(counts)
  const most = Math.max(1, ...byMonth.values())
  const width = Math.max(320, svg.clientWidth)
  const step = (width - 40) / months.length
  const bars = months.map((month, index) => {
    const count = byMonth.get(month) ?? 0
    const height = count === 0 ? 0 : Math.max(3, (108 * count) / most)
    const x = 36 + index * step
    return makeSvg(
      'rect',
      {
        x: (x + step * 0.12).toFixed(1),
        y: (122 - height).toFixed(1),
        width: Math.min(48, step * 0.76).toFixed(1),
        height: height.toFixed(1),
        rx: 2,
        ...(count === 0
          ? {}
          : { role: 'button', tabindex: '0', 'aria-pressed': String(chosen === month), 'data-month': month }),
        'aria-label': `${month}: ${count}`,
        onclick: () => count > 0 && choose(month),
      },
      makeSvg('title', {}, `${month}: ${count}`),
    )
  })
  const every = Math.ceil(64 / step)
  const labels = months
    .map((month, index) => [month, 36 + index * step + step * 0.12])
    .filter((_, index) => index % every === 0)
    .map(([month, x]) => makeSvg('text', { x: x.toFixed(1), y: 142 }, month))
  svg.setAttribute('viewBox', `0 0 ${width} 150`)
  svg.replaceChildren(
    makeSvg('line', { x1: 36, x2: width, y1: 122.5, y2: 122.5 }),
    makeSvg('text', { x: 28, y: 126, 'text-anchor': 'end' }, '0'),
    makeSvg('text', { x: 28, y: 20, 'text-anchor': 'end' }, most.toLocaleString('en')),
    ...bars,
    ...labels,
  )
}

/** From the first month to the last; the last hundred and twenty where there are more. */
function allMonths(sorted) {
  const last = sorted.at(-1)
  const months = []
  for (let month = sorted[0]; month !== undefined && month <= last && months.length < 12_000; ) {
    months.push(month)
    const [year, number] = month.split('-').map(Number)
    month =
      number === 12
        ? `${String(year + 1).padStart(4, '0')}-01`
        : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`
  }
  return months.slice(-120)
}
