/**
 * What people wrote in commits and tags: names, addresses, messages. Object ids and signatures in their headers
 * are overwritten with spaces, as forty hex digits beside a vendor's name look like a key; the length stays, so
 * that positions are those of `git cat-file -p`.
 */

/** Headers without anything a person wrote; the lines that continue one begin with a space. */
const blanked = /^(?:tree|parent|object|gpgsig|gpgsig-sha256) /

const firstLetters = new Set(Buffer.from('tpog'))
const newline = 0x0a
const space = 0x20

/** A copy of a raw commit or tag object with ids and signatures of its headers blanked. */
export function personText(object: Buffer): Buffer {
  const text = Buffer.from(object)
  let blanking = false
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(newline, start)
    const end = found < 0 ? text.length : found
    // The empty line ends the headers.
    if (end === start) break
    const first = text[start] as number
    if (first !== space)
      blanking =
        firstLetters.has(first) && blanked.test(text.toString('latin1', start, Math.min(end, start + 16)))
    if (blanking) text.fill(space, start, end)
    start = end + 1
  }
  return text
}

/** A copy of the log of a ref with the two ids that begin each line blanked. */
export function logText(log: Buffer): Buffer {
  const text = Buffer.from(log)
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(newline, start)
    const end = found < 0 ? text.length : found
    const ids = /^[0-9a-f]{40,64} [0-9a-f]{40,64}(?= )/.exec(
      text.toString('latin1', start, Math.min(end, start + 130)),
    )
    if (ids) text.fill(space, start, start + ids[0].length)
    start = end + 1
  }
  return text
}

export interface Person {
  name: string
  email: string
  /** ISO 8601 in UTC; absent where the object states no usable time. */
  at?: string
}

/**
 * Who wrote it and when, from the headers of a raw commit (`author`, with the committer's time) or tag (`tagger`).
 * Null where the object has no such line.
 */
export function writtenBy(object: Buffer): Person | null {
  const headerEnd = object.indexOf('\n\n')
  const headers = object.toString('utf8', 0, headerEnd < 0 ? object.length : headerEnd)
  const writer = /^(?:author|tagger) ([^<\n]*)<([^>\n]*)>(?: (\d+))?/m.exec(headers)
  if (!writer) return null
  const seconds = /^committer [^\n]*> (\d+)/m.exec(headers)?.[1] ?? writer[3]
  const at = isoTime(seconds ?? '')
  return { name: (writer[1] ?? '').trim(), email: writer[2] ?? '', ...(at === null ? {} : { at }) }
}

/** Seconds since 1970 as ISO 8601; null for what is no time. Hostile commits hold any number. */
export function isoTime(seconds: string): string | null {
  const date = new Date(Number(seconds) * 1000)
  return seconds === '' || Number.isNaN(date.getTime()) ? null : date.toISOString()
}
