/**
 * The text of a mail: which credential, where it stands, what was done, what to do. Plain text without any link:
 * no link to the leak for whoever else reads the mailbox, and nothing to click. Names of places are written by
 * whoever leaked, so they are cut, stripped of control characters and made unclickable.
 */
import type { Place } from '../../model/blob.ts'
import type { ResponseState } from '../../model/finding.ts'

/** One finding as a mail tells it. Holds nothing of the credential but its redacted form. */
export interface MailItem {
  kind: string
  issuer: string
  secretRedacted: string
  fingerprint: string
  places: readonly Place[]
  /** State of its response; null when there is none. */
  response: ResponseState | null
  /** When the response reached that state. */
  respondedAt: Date | null
}

export interface MailText {
  subject: string
  text: string
}

const maxPlaces = 20
const maxItems = 100

/** One item makes a mail about it, several a digest. */
export function composeMail(items: readonly MailItem[]): MailText {
  const first = items[0]
  if (items.length === 1 && first !== undefined) {
    return {
      subject: clean(`Leaked credential: ${first.issuer} ${first.kind} (${first.secretRedacted})`, 120),
      text: page([
        'A credential was found where others can read it.',
        '',
        ...describe(first),
        ...advice(first),
      ]),
    }
  }
  const shown = items.slice(0, maxItems)
  const parts = shown.flatMap((item, index) => [`${index + 1}.`, ...describe(item), ''])
  const more = items.length - shown.length
  const open = items.find((item) => item.response !== 'confirmed') ?? first
  return {
    subject: `${items.length} leaked credentials`,
    text: page([
      `${items.length} credentials were found where others can read them.`,
      '',
      ...parts,
      ...(more > 0 ? [`And ${more} more; keyrecall's list has them all.`, ''] : []),
      ...(open === undefined ? [] : advice(open)),
    ]),
  }
}

function describe(item: MailItem): string[] {
  const shown = item.places.slice(0, maxPlaces).map((place) => `  - ${describePlace(place)}`)
  const more = item.places.length - shown.length
  return [
    `Credential:  ${clean(`${item.issuer} ${item.kind}`, 120)}`,
    `Begins with: ${clean(item.secretRedacted, 40)}`,
    `Fingerprint: ${clean(item.fingerprint, 16)}`,
    'Found in:',
    ...shown,
    ...(more > 0 ? [`  - and ${more} more`] : []),
    `What was done: ${whatWasDone(item)}`,
  ]
}

/** A place in words. `public` says that anybody may read it. */
function describePlace(place: Place): string {
  const inside = place.archive_path === undefined ? '' : `, inside it ${clean(place.archive_path, 200)}`
  const open = place.public === true ? ' (public)' : ''
  if (place.type === 's3_object') {
    const version = place.version_id === undefined ? '' : `, version ${clean(place.version_id, 64)}`
    const key = clean(place.key ?? place.path, 300)
    return `bucket ${clean(place.bucket ?? '', 80)}, key ${key}${version}${inside}${open}`
  }
  const path = clean(place.path, 300)
  if (place.repository === undefined) return `file ${path}${inside}`
  const commit = place.commit_sha === undefined ? '' : `, commit ${clean(place.commit_sha, 12)}`
  return `repository ${clean(place.repository, 200)}, ${path}${commit}${inside}${open}`
}

function whatWasDone(item: MailItem): string {
  const issuer = clean(item.issuer, 60)
  const at = item.respondedAt === null ? '' : ` (${item.respondedAt.toISOString().slice(0, 19)}Z)`
  if (item.response === 'confirmed') return `${issuer} was told and disabled it${at}.`
  if (item.response === 'submitted') return `${issuer} was told; it has not confirmed yet${at}.`
  if (item.response === 'failed') return `${issuer} was told but it could not be disabled${at}.`
  return 'nothing yet; it still works for whoever found it.'
}

function advice(item: MailItem): string[] {
  const dead = item.response === 'confirmed'
  return [
    '',
    'What to do now:',
    dead
      ? '  1. Create a new credential and put it where the old one was used.'
      : '  1. Disable the credential at its issuer, create a new one and put it where the old one was used.',
    '  2. Look at what the old one was used for since it leaked.',
    '  3. Keep the new one in a secret store. Removing the old one from the place is not enough.',
  ]
}

function page(lines: readonly string[]): string {
  return `${[...lines, '', '-- ', 'keyrecall. Sent automatically; answers are not read.'].join('\n')}\n`
}

/**
 * One line of at most `length` characters: control, bidirectional and separator characters become U+FFFD, and
 * `://`, `www.` and the like can no longer be taken for a link.
 */
export function clean(text: string, length: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    .replace(/:\/\//g, '[:]//')
    .replace(/\bwww\./gi, 'www[.]')
    .replace(/\bmailto:/gi, 'mailto[:]')
  if (line.length <= length) return line
  // A character of two units that the cut halves becomes U+FFFD.
  return `${line.slice(0, length - 1).replace(/\p{Cs}$/u, '\uFFFD')}…`
}
