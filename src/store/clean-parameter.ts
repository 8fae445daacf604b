/**
 * Makes every parameter of every query acceptable to PostgreSQL. Scanned bytes are full of NULs, and file names
 * hold lone surrogates; text and jsonb refuse both, and a queue whose error message is refused loses the cause.
 * Done in one place, under every query, so that nobody has to remember: both become U+FFFD.
 */
const replacement = '\uFFFD'
const lone = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
// In text made by JSON.stringify: a NUL, or a surrogate, which it escapes only when it stands alone. An even number
// of backslashes before is escaped backslashes, not part of the escape.
const escaped = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi

export function cleanText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- NUL is the point
  return text.replace(/\0/g, replacement).replace(lone, replacement)
}

/** `value` as the driver may send it: strings cleaned, also inside arrays and plain objects. */
export function cleanParameter(value: unknown): unknown {
  if (typeof value === 'string') return cleanString(value)
  if (Array.isArray(value)) return value.map(cleanParameter)
  if (isPlainObject(value)) return cleanString(JSON.stringify(value))
  return value
}

function cleanString(text: string): string {
  const clean = cleanText(text)
  const first = clean[0]
  if (first !== '{' && first !== '[' && first !== '"') return clean
  return clean.replace(escaped, `$1${replacement}`)
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
