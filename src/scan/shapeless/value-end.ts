/**
 * Where a value ends of which a match shows the beginning: at the quote that opened it, at the tag that closes it, or,
 * bare, where its line or the text around it ends. By hand, since counted repeats make RE2 slow where words are many.
 */

/** Longest value in bytes; what is longer has a form of its own or is none. */
const longest = 512
const backslash = 0x5c
const tag = 0x3c

/** Ends bare values everywhere: blanks, quotes, backslash, tags, and what separates fields and parameters. */
const closing = new Set(Buffer.from('"\'`\\<>,;&'))
const lineClosing = new Set(Buffer.from('"\'`\\'))

/** `${NAME:x}` and `${NAME:-x}` hold what counts where the name has no value. */
const expansion = /\$\{[A-Za-z_][\w.-]*:-?$/
const expansionClosing = new Set(Buffer.from('"\'`\\}'))

/** A variable of the environment at the start of its line: its value ends with the line or at a blank. */
const envLine = /(?:^|[\r\n])[ \t]{0,8}(?:export |ENV |SET |set |- )?[A-Z][A-Z0-9_]{2,60}=$/

/** The end (exclusive) of the value that begins at `start`, told by the byte before it; null where it has none. */
export function valueEnd(bytes: Buffer, start: number): number | null {
  const opener = bytes[start - 1] ?? 0
  if (opener === 0x22 || opener === 0x27 || opener === 0x60) return quotedEnd(bytes, start, opener)
  if (insideElement(bytes, start)) return elementEnd(bytes, start)
  const head = bytes.toString('latin1', Math.max(0, start - 80), start)
  if (expansion.test(head)) return bareEnd(bytes, start, expansionClosing)
  return bareEnd(bytes, start, envLine.test(head) ? lineClosing : closing)
}

/** Behind `>` and blanks, which is not the `>` of `=>`, nor one that begins a scalar of YAML. */
function insideElement(bytes: Buffer, start: number): boolean {
  let at = start - 1
  while (at > 0 && (bytes[at] ?? 0) <= 0x20) at--
  const before = bytes[at - 1] ?? 0
  return bytes[at] === 0x3e && before !== 0x3d && before > 0x20
}

/** A backslash belongs to the value, unless it stands before a quote, which then is one of an outer text. */
function quotedEnd(bytes: Buffer, start: number, quote: number): number | null {
  const limit = Math.min(bytes.length, start + longest)
  for (let at = start; at < limit; at++) {
    const byte = bytes[at]
    if (byte === quote) return at
    if (byte === 0x0a || byte === 0x0d) return null
    if (byte !== backslash) continue
    let next = at
    while (bytes[next] === backslash) next++
    if (bytes[next] === quote) return at
    at = next
  }
  return null
}

function elementEnd(bytes: Buffer, start: number): number | null {
  const limit = Math.min(bytes.length, start + longest)
  for (let at = start; at < limit; at++) {
    if (bytes[at] === tag) return bytes[at + 1] === 0x2f ? at : null
    if (bytes[at] === 0x0a) return null
  }
  return null
}

function bareEnd(bytes: Buffer, start: number, ends: ReadonlySet<number>): number {
  const limit = Math.min(bytes.length, start + longest)
  let at = start
  while (at < limit) {
    const byte = bytes[at] ?? 0
    if (byte <= 0x20 || byte >= 0x7f || ends.has(byte)) break
    // A percent sign with two hex digits is an escape of what surrounds the value as often as a part of it.
    if (byte === 0x25 && /^%[0-9A-F]{2}/i.test(bytes.toString('latin1', at, at + 3))) break
    at++
  }
  return at
}
