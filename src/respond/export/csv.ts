/**
 * Findings as CSV by RFC 4180: one row for each place, the fields named as everywhere. A field that a spreadsheet would
 * take for a formula gets an apostrophe in front: paths and names of authors are chosen by strangers. So does one that
 * begins with an apostrophe, so that a script can take the first one away and has what was there.
 * https://owasp.org/www-community/attacks/CSV_Injection names the characters.
 */
import type { FindingRecord, FoundPlace } from '../../model/finding.ts'

const findingFields = [
  'detector',
  'issuer',
  'kind',
  'fingerprint',
  'secret_redacted',
  'check',
  'check_passed',
  'confidence',
  'validity',
  'label',
] as const satisfies (keyof FindingRecord)[]

const placeFields = [
  'type',
  'path',
  'start_line',
  'start_column',
  'end_line',
  'end_column',
  'byte_start',
  'byte_end',
  'repository',
  'commit_sha',
  'blob_sha',
  'author_name',
  'author_email',
  'committed_at',
  'bucket',
  'key',
  'version_id',
  'etag',
  'archive_path',
  'owner_hint',
  'url',
  'public',
  'decoding',
] as const satisfies (keyof FoundPlace)[]

/** A header and the rows, each with CRLF at its end. UTF-8 without a byte order mark, as scripts want it. */
export function* exportCsv(findings: Iterable<FindingRecord>): Generator<string> {
  yield row([...findingFields, ...placeFields])
  for (const finding of findings) {
    const shared = findingFields.map((name) => finding[name])
    for (const place of finding.places) yield row([...shared, ...placeFields.map((name) => place[name])])
  }
}

function row(values: readonly (string | number | boolean | null | undefined)[]): string {
  return `${values.map((value) => field(value ?? '')).join(',')}\r\n`
}

function field(value: string | number | boolean): string {
  const text =
    typeof value === 'string' && /^['=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
