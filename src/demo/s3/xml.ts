/**
 * Writing the little XML that S3 speaks. Control characters become numeric references, as S3 writes them where
 * a client did not ask for `encoding-type=url`, though XML 1.0 has no place for most of them.
 */

/** `text` as the content of an element. */
function escapeXml(text: string): string {
  let escaped = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (character === '&') escaped += '&amp;'
    else if (character === '<') escaped += '&lt;'
    else if (character === '>') escaped += '&gt;'
    else if (character === '"') escaped += '&quot;'
    else if (code < 32 || code === 127) escaped += `&#x${code.toString(16)};`
    else escaped += character
  }
  return escaped
}

/** `<name>text</name>`. */
export function element(name: string, text: string | number | boolean): string {
  return `<${name}>${escapeXml(String(text))}</${name}>`
}

/** A whole document; `body` is XML already. */
export function document(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
}

/** The namespace every S3 answer carries. */
export const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

/** The texts of all `<name>` elements in a request body, unescaped. Enough for the two bodies this server reads. */
export function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((found) =>
    (found[1] ?? '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&'),
  )
}
