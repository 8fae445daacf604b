/**
 * The only file that touches RE2. Version 1.24.0 has known traps in `match`, `replace` and `split` and with
 * patterns that match nothing, so only `test` and `exec` on Buffers are used. A Buffer is read as UTF-8:
 * callers hand over other text transcoded (see `detect.ts`).
 *
 * `test` takes 0.3 µs and leaves the end of its match in `lastIndex`; `exec` takes 5 to 7 µs where it matches, for copies
 * of what it found. So a match is told by `test`, and its group by more of them where that is sure to be right.
 */
import RE2 from 're2'
import { patternHead } from './pattern-head.ts'
import { runMatcher } from './run-pattern.ts'

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
  /** True where there is one. */
  isIn(bytes: Buffer): boolean
  /** The first match that begins at `from` or later; its end is exclusive. */
  find(bytes: Buffer, from: number): { start: number; end: number } | null
}

/** A pattern tried at given positions. */
export function anchoredPattern(source: string): AnchoredPattern {
  const run = hasGroup(source) ? null : runMatcher(source)
  return run ? { matchAt: (bytes, at) => asMatch(at, run(bytes, at)) } : searchedPattern(source)
}

function asMatch(start: number, end: number): Match | null {
  return end < 0 ? null : { start, end, secretStart: start, secretEnd: end }
}

function searchedPattern(source: string): AnchoredPattern {
  const whole = new RE2(source, 'y')
  const group = hasGroup(source) ? groupFinder(source) : null
  return {
    matchAt(bytes, at) {
      const end = endOfMatch(whole, bytes, at)
      const secret = end < 0 ? null : group?.(bytes, at, end)
      return secret ? { start: at, end, secretStart: secret.start, secretEnd: secret.end } : asMatch(at, end)
    },
  }
}

interface Span {
  start: number
  end: number
}

/** Tells the group of a match that is known. */
type GroupFinder = (bytes: Buffer, at: number, end: number) => Span | null

/** Made at the first match: most patterns never have one. */
function groupFinder(source: string): GroupFinder {
  let finder: GroupFinder | undefined
  return (bytes, at, end) => (finder ??= bySteps(source, byExec(source)))(bytes, at, end)
}

/** The first group that took part; most patterns are never asked in this way. */
function byExec(source: string): GroupFinder {
  let pattern: RE2 | undefined
  return (bytes, at) => {
    pattern ??= new RE2(source, 'yd')
    pattern.lastIndex = at
    const spans = pattern.exec(bytes)?.indices?.slice(1)
    const span = spans?.find((one) => one !== undefined)
    return span ? { start: span[0], end: span[1] } : null
  }
}

/**
 * What is before the group is matched alone, then the group, then what is behind it. Of all ways to match, the one that
 * is taken prefers the first choice of each part over those of later parts, so where the first choices of all parts
 * lead to the known end, they are that way. Where they do not, `otherwise` decides. A group of one length at the end of
 * the match needs none of this.
 */
function bySteps(source: string, otherwise: GroupFinder): GroupFinder {
  const parts = aroundGroup(source)
  if (!parts) return otherwise
  const length = parts[2] === '' ? patternHead(parts[1]).length : 0
  if (length > 0) return (_bytes, _at, end) => ({ start: end - length, end })
  const [before, group, behind] = parts.map((part) => (part === '' ? null : new RE2(`(?:${part})`, 'y')))
  return (bytes, at, end) => {
    const start = endOfMatch(before ?? null, bytes, at)
    const stop = start < 0 ? -1 : endOfMatch(group ?? null, bytes, start)
    return stop >= 0 && endOfMatch(behind ?? null, bytes, stop) === end
      ? { start, end: stop }
      : otherwise(bytes, at, end)
  }
}

/** Where the match at `at` ends, -1 where there is none; without a pattern nothing is matched. */
function endOfMatch(pattern: RE2 | null, bytes: Buffer, at: number): number {
  if (!pattern) return at
  pattern.lastIndex = at
  return pattern.test(bytes) ? pattern.lastIndex : -1
}

/** A pattern searched for from a position on. */
export function finder(source: string): Finder {
  const pattern = new RE2(source, 'g')
  return {
    isIn(bytes) {
      pattern.lastIndex = 0
      return pattern.test(bytes)
    },
    find(bytes, from) {
      pattern.lastIndex = from
      const found = pattern.exec(bytes)
      return found && { start: found.index, end: found.index + found[0].length }
    },
  }
}

/** Throws what RE2 has against `source`; `anchoredPattern` asks it only where it needs it. */
export function assertRe2(source: string): void {
  searchedPattern(source)
}

/** True where `source` matches the empty text, which no detector may. */
export function matchesNothing(source: string): boolean {
  return new RE2(`^(?:${source})$`).exec(Buffer.alloc(0)) !== null
}

/** `text` as a pattern that matches just it. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`)
}

function hasGroup(source: string): boolean {
  return groupStart.test(plainOf(source))
}

const groupStart = /\((?!\?)|\(\?P?</

/** What stands before, in and behind the only group, where all is one sequence; else null. */
function aroundGroup(source: string): [string, string, string] | null {
  const plain = plainOf(source)
  const start = plain.search(groupStart)
  let depth = 0
  let end = -1
  for (let at = 0; at < plain.length; at++) {
    const sign = plain.charAt(at)
    if (sign === '(') depth++
    else if (sign === ')' && --depth === 0 && at > start && end < 0) end = at
    else if (sign === '|' && depth === 0) return null
    // The group stands in another one.
    if (at === start && depth !== 1) return null
  }
  const rest = plain.slice(end + 1)
  const simple = plain.charAt(start + 1) !== '?' && !groupStart.test(rest) && !/^[*+?{]/.test(rest)
  // Flags without text of their own hold for all that follows.
  if (!simple || /\(\?[a-zA-Z-]+\)/.test(plain)) return null
  return [source.slice(0, start), source.slice(start + 1, end), source.slice(end + 1)]
}

/** Escapes and classes as plain characters, each as long as it was. */
function plainOf(source: string): string {
  return source
    .replace(/\\(?:x\{[^}]*\}|[pP]\{[^}]*\}|.)/gs, (text) => 'x'.repeat(text.length))
    .replace(/\[\^?\]?(?:\[:\^?\w+:\]|[^\]])*\]/g, (text) => 'x'.repeat(text.length))
}
