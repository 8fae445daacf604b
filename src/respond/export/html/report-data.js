/**
 * The findings in the page, as the table and the charts want them: what is searched, sorted and counted is worked out
 * once, so that ten thousand of them answer to a key press.
 */
const ranks = { high: 2, medium: 1, low: 0 }

/** Characters that would steer the text around them, such as one that turns `txt.exe` around. */
const steering =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** Text from outside, with what cannot be seen written out. */
export function visible(text) {
  return text.replace(steering, (character) => `\\u{${character.codePointAt(0).toString(16)}}`)
}

export function readData() {
  const { findings, ...report } = JSON.parse(document.getElementById('data').textContent)
  const sourceOf = sourceNames(findings)
  return { report, rows: findings.map((finding) => toRow(finding, sourceOf)) }
}

function toRow(finding, sourceOf) {
  const { places } = finding
  const dates = places.map((place) => place.committed_at ?? '').filter((date) => date !== '')
  const name = `${finding.issuer} ${finding.kind}`
  const check =
    finding.check_passed === null ? 'none' : `${finding.check} ${finding.check_passed ? 'passed' : 'failed'}`
  return {
    finding,
    name,
    check,
    where: places[0] === undefined ? '' : placeName(places[0]),
    when: dates.sort()[0] ?? '',
    rank: ranks[finding.confidence] * 2 + (finding.check_passed === true ? 1 : 0),
    /** What a finding counts under in each chart and filter; a finding can stand in several folders. */
    facets: {
      detector: [finding.detector],
      confidence: [finding.confidence],
      check: [check],
      source: [...new Set(places.map(sourceOf))],
      month: [...new Set(dates.map((date) => date.slice(0, 7)))],
    },
    text: [name, check, ...textsOf(finding)].join('\n').toLowerCase(),
  }
}

function textsOf(finding) {
  const own = [
    finding.detector,
    finding.fingerprint,
    finding.secret_redacted,
    finding.confidence,
    finding.label,
  ]
  const there = finding.places.flatMap((place) => [
    placeName(place),
    place.commit_sha,
    place.author_name,
    place.author_email,
  ])
  return [...own, ...there].filter((text) => text !== undefined && text !== null)
}

export function placeName(place) {
  const member = place.archive_path === undefined ? '' : `!${place.archive_path}`
  const path = place.path === '' ? `object ${(place.blob_sha ?? '').slice(0, 12)}` : place.path
  return `${baseOf(place)}${path}${member}`
}

function baseOf(place) {
  if (place.type === 's3_object') return `s3://${place.bucket ?? ''}/`
  return place.repository === undefined || place.repository === '.' ? '' : `${place.repository}: `
}

/** Repositories and buckets where there are several; else the folders below what all paths share. */
function sourceNames(findings) {
  const places = findings.flatMap((finding) => finding.places)
  if (new Set(places.map(baseOf)).size > 1) {
    return (place) => baseOf(place).replace(/: $|\/$/, '') || 'files here'
  }
  let shared = null
  for (const place of places) {
    const folders = place.path.split('/').slice(0, -1)
    if (shared === null) shared = folders
    const end = shared.findIndex((name, index) => folders[index] !== name)
    if (end >= 0) shared = shared.slice(0, end)
  }
  const prefix = shared === null || shared.length === 0 ? '' : `${shared.join('/')}/`
  return (place) => {
    const below = place.path.slice(prefix.length)
    const end = below.indexOf('/')
    return end < 0 ? prefix || 'top folder' : `${prefix}${below.slice(0, end)}/`
  }
}

/** An element with attributes, and children that are elements or text; markup in text stays text. */
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children)
}

export function makeSvg(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') element.addEventListener('click', value)
    else if (value !== undefined && value !== false) element.setAttribute(key, value)
  }
  element.append(...children.filter((child) => child !== null))
  return element
}
