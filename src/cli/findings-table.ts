/** Findings as a table for people: credential, check, confidence, where. Machines take jsonl. */
import type { FindingRecord, FoundPlace } from '../model/finding.ts'
import type { Confidence } from '../model/hit.ts'
import { type Cell, drawTable, type TableOptions } from './render.ts'
import { count, visible } from './terminal-text.ts'

/** A credential in a shared file can stand at thousands of places; the other formats list them all. */
const placesShown = 5

const confidenceStyle = { high: 'red', medium: 'yellow', low: 'gray' } as const satisfies Record<
  Confidence,
  string
>

/** A finding, with the credential itself where the person asked to see it. */
export type ShownFinding = FindingRecord & { secret?: string }

export function findingsTable(findings: readonly ShownFinding[], options: TableOptions): string {
  const rows = findings.map((finding): Cell[] => [
    { lines: credentialLines(finding) },
    { lines: [checkText(finding)], style: finding.check_passed === true ? 'green' : 'gray' },
    { lines: [finding.confidence], style: confidenceStyle[finding.confidence] },
    { lines: placeLines(finding.places) },
  ])
  return drawTable(['CREDENTIAL', 'CHECK', 'CONFIDENCE', 'WHERE'], rows, options)
}

function credentialLines(finding: ShownFinding): string[] {
  const lines = [
    visible(`${finding.issuer} ${finding.kind}`),
    visible(finding.secret ?? finding.secret_redacted),
  ]
  if (finding.label !== null) lines.push(finding.label.replace('_', ' '))
  return lines
}

function checkText(finding: FindingRecord): string {
  if (finding.check_passed === null) return 'none'
  return `${finding.check} ${finding.check_passed ? 'passed' : 'failed'}`
}

function placeLines(places: readonly FoundPlace[]): string[] {
  const lines = places.slice(0, placesShown).map((place) => visible(placeText(place)))
  if (places.length > placesShown) lines.push(`and ${count(places.length - placesShown, 'more place')}`)
  return lines
}

/** A place as one line, in the form editors open: path:line:column. Not yet safe for a terminal. */
export function placeText(place: FoundPlace): string {
  const member = place.archive_path === undefined ? '' : `!${place.archive_path}`
  const spot = `${nameOf(place)}${member}:${place.start_line}:${place.start_column}`
  const notes = [
    place.decoding === undefined || place.decoding === '' ? '' : `in ${place.decoding}`,
    place.version_id === undefined ? '' : `version ${shortVersion(place.version_id)}`,
    commitNote(place),
  ].filter((note) => note !== '')
  return notes.length === 0 ? spot : `${spot} (${notes.join(', ')})`
}

/** Enough to tell versions apart; the other formats have it whole. */
function shortVersion(id: string): string {
  return id.length > 12 ? `${id.slice(0, 11)}…` : id
}

function nameOf(place: FoundPlace): string {
  switch (place.type) {
    case 'stdin':
      return '-'
    case 's3_object':
      return `s3://${place.bucket ?? ''}/${place.key ?? place.path}`
    case 'commit':
    case 'github_blob': {
      // An object that no commit names has no path.
      const path = place.path === '' ? `object ${place.blob_sha?.slice(0, 12) ?? ''}` : place.path
      return place.repository === undefined ? path : `${place.repository} ${path}`
    }
    case 'file':
      return place.path
  }
}

function commitNote(place: FoundPlace): string {
  if (place.commit_sha === undefined) return ''
  const author = place.author_email ?? place.author_name
  const day = place.committed_at?.slice(0, 10)
  return [
    `commit ${place.commit_sha.slice(0, 12)}`,
    author === undefined ? '' : `by ${author}`,
    day === undefined ? '' : `on ${day}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}
