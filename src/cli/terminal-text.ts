/**
 * Text from outside made safe for a terminal. Paths, keys and author names are chosen by strangers: an escape
 * sequence in one could rewrite the screen, a bidirectional override could show another path than the real one.
 */

/** C0, DEL, C1, line and paragraph separators, bidirectional controls, zero-width characters, the byte order mark. */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/gu

/** East Asian wide characters and emoji take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** `text` with every character that a terminal would act upon written out as `\u{…}`, `\n`, `\r` or `\t`. */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => {
    if (character === '\n') return String.raw`\n`
    if (character === '\r') return String.raw`\r`
    if (character === '\t') return String.raw`\t`
    return String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

/** Columns that `text` takes on a terminal; exact enough to wrap by, combining marks count as one. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += wide.test(character) ? 2 : 1
  return columns
}

/** `text` in pieces of at most `width` columns, broken behind a space or slash where one is in the last half. */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(2, width)
  const lines: string[] = []
  let line = ''
  let columns = 0
  for (const character of text) {
    const size = columnsOf(character)
    if (columns + size > limit) {
      const cut = breakPoint(line)
      lines.push(line.slice(0, cut).trimEnd())
      line = line.slice(cut)
      columns = columnsOf(line)
    }
    line += character
    columns += size
  }
  lines.push(line)
  return lines
}

function breakPoint(line: string): number {
  const cut = Math.max(line.lastIndexOf(' '), line.lastIndexOf('/')) + 1
  return cut > line.length / 2 ? cut : line.length
}

/** A size for people: 1.2 MB. Powers of ten, as disks and networks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** `1 finding`, `2 findings`, `1,204 blobs`. */
export function count(number: number, word: string): string {
  return `${grouped(number)} ${word}${number === 1 ? '' : 's'}`
}

/** `1,204`. By hand: loading the tables of `toLocaleString` takes as long as the rest of an empty scan. */
export function grouped(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
