/**
 * The only file that touches RE2. Version 1.24.0 has known traps in `match`, `replace` and `split` and with
 * patterns that match nothing, so only `exec` on Buffers is used. A Buffer is read as UTF-8:
 * callers hand over other text transcoded (see `detect.ts`).
 */
import RE2 from 're2'

export interface Match {
  /** Whole match; `end` is exclusive. */
  start: number
  end: number
  /** The first group that took part, or the whole match where the pattern has none. */
  secretStart: number
  secretEnd: number
}

/** Matches a pattern at one position and nowhere else. */
export interface AnchoredPattern {
  matchAt(bytes: Buffer, at: number): Match | null
}

/** Finds the next match of a pattern. */
export interface Finder {
  /** The first match that begins at `from` or later; its end is exclusive. */
  find(bytes: Buffer, from: number): { start: number; end: number } | null
}

/** A pattern tried at given positions. */
export function anchoredPattern(source: string): AnchoredPattern {
  const grouped = hasGroup(source)
  const pattern = new RE2(source, grouped ? 'yd' : 'y')
  return {
    matchAt(bytes, at) {
      pattern.lastIndex = at
      const found = pattern.exec(bytes)
      if (!found) return null
      const end = at + found[0].length
      const group = grouped ? found.indices?.slice(1).find((one) => one !== undefined) : undefined
      return { start: at, end, secretStart: group?.[0] ?? at, secretEnd: group?.[1] ?? end }
    },
  }
}

/** A pattern searched for from a position on. */
export function finder(source: string): Finder {
  const pattern = new RE2(source, 'g')
  return {
    find(bytes, from) {
      pattern.lastIndex = from
      const found = pattern.exec(bytes)
      return found && { start: found.index, end: found.index + found[0].length }
    },
  }
}

/** True where `source` matches the empty text, which no detector may. */
export function matchesNothing(source: string): boolean {
  return new RE2(`^(?:${source})$`).exec(Buffer.alloc(0)) !== null
}

/** `text` as a pattern that matches just it. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`)
}

/** Escapes and classes become one plain character first: left out, what follows them would seem to follow the `(`. */
function hasGroup(source: string): boolean {
  const plain = source.replace(/\\./g, 'x').replace(/\[\^?\]?[^\]]*\]/g, 'x')
  return /\((?!\?)|\(\?P?</.test(plain)
}
